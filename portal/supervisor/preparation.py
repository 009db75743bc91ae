"""What must stand before the portal opens: tables, static files, a policy, outside production a member of staff."""

import secrets
from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from accounts.users.models import User
from accounts.users.services import create_staff

FIRST_STAFF = "admin"


def prepare(say: Callable[[str], object]) -> None:
    """Set everything up, at every start anew. Raises `SystemCheckError` where production's rules are broken."""
    if settings.IN_PRODUCTION:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    for database in ("keys", "default"):
        call_command("migrate", database=database, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)  # where the cache is a table
    call_command("publish_sample_policies", stdout=StringIO())
    _create_first_staff(say)
    connections.close_all()


def _create_first_staff(say: Callable[[str], object]) -> None:
    if User.objects.filter(is_staff=True).exists():
        return
    if settings.IN_PRODUCTION:  # a log is no place for a password
        say("There is no staff account yet. Make one: manage.py create_staff NAME")
        return
    password = secrets.token_urlsafe(18)
    create_staff(username=FIRST_STAFF, password=password, jurisdiction=settings.JURISDICTIONS[0])
    say(f"Staff account: {FIRST_STAFF}, password: {password} (shown this once only; change it at the first sign-in)")
