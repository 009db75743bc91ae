"""What must stand before the portal opens: tables, static files, a policy, outside production a member of staff."""

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
    """Nobody ran `manage.py portal --prepare-only` with this code."""


class CannotStart(Exception):
    """This host would do harm; the message says why, and what to do."""


def prepare(say: Callable[[str], object]) -> None:
    """Set everything up, at every start; several starts take turns.

    Raises `SystemCheckError` where production's rules are broken, `ImproperlyConfigured` where keys and data are one
    database or not each other's, `CannotStart` where another host's journal lies elsewhere, and `Occupied`.
    """
    refuse_unsound_settings()
    if settings.IN_PRODUCTION and _may_collect():
        call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    refuse_one_database()
    refuse_swapped_databases()
    with one_prepares():
        # Nothing but keys lives there: other applications have no tables in it, and looking at them takes seconds.
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
    """Refuse to start where another step, or another host, comes first; a database that is away is only said.

    Raises `NotPrepared` where migrations or static files lack, and `ImproperlyConfigured` and
    `CannotStart` as `prepare` does.
    """
    if settings.IN_PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        raise NotPrepared("Static files are not collected: run manage.py portal --prepare-only first.")
    with suppress(DatabaseError):  # said below
        refuse_swapped_databases()
    keys, data = (_is_migrated(alias, say) for alias in ("keys", "default"))
    if keys and data:
        _settle_store(say)
    connections.close_all()


def _is_migrated(alias: str, say: Callable[[str], object]) -> bool:
    """Whether a database answers, with every migration. Raises `NotPrepared` where some lack."""
    try:
        executor = MigrationExecutor(connections[alias])
        of = DataKey._meta.app_label if alias == KEYS else None
        lacks = executor.migration_plan(executor.loader.graph.leaf_nodes(of))
    except DatabaseError as error:
        say(f"The database {alias!r} does not answer ({type(error).__name__}); migrations were not looked at.")
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
        # The portal starts in maintenance, and says the same at each page and in its alarms.
        say(f"The erasure journal: {fault}")


def _may_collect() -> bool:
    """An image brings its static files along, where nobody may write."""
    folder = next(path for path in (settings.STATIC_ROOT, *settings.STATIC_ROOT.parents) if path.exists())
    return os.access(folder, os.W_OK)


def _create_first_staff(say: Callable[[str], object]) -> None:
    if User.objects.filter(is_staff=True).exists():
        return
    if settings.IN_PRODUCTION:  # a log is no place for a password
        say("There is no staff account yet. Make one: manage.py create_staff NAME")
        return
    password = secrets.token_urlsafe(18)
    create_staff(username=FIRST_STAFF, password=password, jurisdiction=settings.JURISDICTIONS[0])
    say(f"Staff account: {FIRST_STAFF}, password: {password} (shown this once only; change it at the first sign-in)")
