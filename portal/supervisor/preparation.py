"""What must stand before the portal opens: tables, static files, a policy, one member of staff."""

import secrets
from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from accounts.users.models import User
from accounts.users.services import create_staff
from portal.pairing import refuse_one_database, refuse_wrong_databases
from privacy.journal.faults import JournalFault, OtherStore, StoreMissing
from privacy.journal.services import settle_store

FIRST_STAFF = "admin"


class CannotStart(Exception):
    """This host would do harm; the message says why, and what to do."""


def prepare(say: Callable[[str], object]) -> None:
    """Set everything up, at every start anew.

    Raises `SystemCheckError` where production's rules are broken, `ImproperlyConfigured` where keys and data are one
    database or not each other's, and `CannotStart` where another host's journal lies elsewhere.
    """
    if settings.IN_PRODUCTION:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    refuse_one_database()
    for database in ("keys", "default"):
        call_command("migrate", database=database, interactive=False, verbosity=0)
    refuse_wrong_databases()
    call_command("createcachetable", verbosity=0)
    call_command("publish_sample_policies", stdout=StringIO())
    _create_first_staff(say)
    _settle_store(say)
    connections.close_all()


def _settle_store(say: Callable[[str], object]) -> None:
    try:
        settle_store()
    except (OtherStore, StoreMissing) as fault:
        raise CannotStart(str(fault)) from None
    except (JournalFault, OSError) as fault:
        # The portal starts in maintenance, and says the same at each page and in its alarms.
        say(f"The erasure journal: {fault}")


def _create_first_staff(say: Callable[[str], object]) -> None:
    if User.objects.filter(is_staff=True).exists():
        return
    password = secrets.token_urlsafe(18)
    create_staff(username=FIRST_STAFF, password=password, jurisdiction=settings.JURISDICTIONS[0])
    say(f"Staff account: {FIRST_STAFF}, password: {password} (shown this once only)")
