"""Prepares the start: tables, static files, a policy and, outside production, a member of staff."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.users.models import User
from accounts.users.services import create_staff
from portal.runtime.database_pairing import refuse_one_database, refuse_swapped_databases, refuse_wrong_databases
from portal.runtime.supervisor.locks import one_prepares
from privacy.encryption.models import DataKey
from privacy.encryption.router import KEYS
from privacy.journal.errors import JournalError, OtherStore, StoreMissing
from privacy.journal.services import settle_store

FIRST_STAFF = "admin"


class NotPrepared(Exception):
    """`manage.py portal --prepare-only` was not run with this code."""


class CannotStart(Exception):
    """This host must not start; the message has the reason and the remedy."""


def prepare(say: Callable[[str], object]) -> None:
    """Prepare everything, at every start; parallel starts wait for each other.

    Raises `SystemCheckError` where production's rules are broken, `ImproperlyConfigured` where keys and data are one
    database or do not belong together, `CannotStart` where another host has another journal, and `Occupied`.
    """
    refuse_unsound_settings()
    if settings.IN_PRODUCTION and _may_collect():
        call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    refuse_one_database()
    refuse_swapped_databases()
    with one_prepares():
        # Only keys are there: other apps have no tables in it, and checking them takes seconds.
        call_command("migrate", DataKey._meta.app_label, database=KEYS, interactive=False, verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        refuse_wrong_databases()
        call_command("createcachetable", verbosity=0)
        call_command("publish_sample_policies", stdout=StringIO())
        _create_first_staff(say)
        _settle_store(say)
    connections.close_all()


def refuse_unsound_settings() -> None:
    """Raise `SystemCheckError` where production's rules are broken."""
    if settings.IN_PRODUCTION:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)


def refuse_unprepared(say: Callable[[str], object]) -> None:
    """Refuse to start before the preparation; a database that does not answer is only reported.

    Raises `NotPrepared` where migrations or static files are missing, and `ImproperlyConfigured` and
    `CannotStart` as `prepare` does.
    """
    if settings.IN_PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        raise NotPrepared("Static files are not collected: run manage.py portal --prepare-only first.")
    with suppress(DatabaseError):  # reported below
        refuse_swapped_databases()
    keys, data = (_is_migrated(alias, say) for alias in ("keys", "default"))
    if keys and data:
        _settle_store(say)
    connections.close_all()


def _is_migrated(alias: str, say: Callable[[str], object]) -> bool:
    """Whether a database answers, with every migration. Raises `NotPrepared` where some are missing."""
    try:
        executor = MigrationExecutor(connections[alias])
        of = DataKey._meta.app_label if alias == KEYS else None
        lacks = executor.migration_plan(executor.loader.graph.leaf_nodes(of))
    except DatabaseError as error:
        say(f"The database {alias!r} does not answer ({type(error).__name__}); migrations were not checked.")
        return False
    if lacks:
        raise NotPrepared(f"The database {alias!r} lacks migrations: run manage.py portal --prepare-only first.")
    return True


def _settle_store(say: Callable[[str], object]) -> None:
    try:
        settle_store()
    except (OtherStore, StoreMissing) as fault:
        raise CannotStart(str(fault)) from None
    except (JournalError, OSError) as fault:
        # The portal starts in maintenance mode, which pages and alarms report.
        say(f"The erasure journal: {fault}")


def _may_collect() -> bool:
    """Whether static files may be collected: an image has them in a read-only folder."""
    folder = next(path for path in (settings.STATIC_ROOT, *settings.STATIC_ROOT.parents) if path.exists())
    return os.access(folder, os.W_OK)


def _create_first_staff(say: Callable[[str], object]) -> None:
    if User.objects.filter(is_staff=True).exists():
        return
    if settings.IN_PRODUCTION:  # a password must not be in a log
        say("There is no staff account yet. Create one: manage.py create_staff NAME")
        return
    password = secrets.token_urlsafe(18)
    create_staff(username=FIRST_STAFF, password=password, jurisdiction=settings.JURISDICTIONS[0])
    say(f"Staff account: {FIRST_STAFF}, password: {password} (shown this once only; change it at the first sign-in)")
