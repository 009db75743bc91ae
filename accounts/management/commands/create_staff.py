"""`manage.py create_staff NAME`: make a member of staff and print their temporary password once."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.staff.staff_accounts import NoStaffAccount, renew_temporary_password, vouch_for
from accounts.users.models import User
from accounts.users.services import UsernameTaken, create_staff
from privacy.operations.roles import ROLES


class Command(BaseCommand):
    help = (
        "Create a staff account with the given roles, or with all permissions if no role is given. Prints a temporary "
        "password once. It must be changed within TEMPORARY_PASSWORD_LIFETIME."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", action="append", default=[], choices=list(ROLES), help="A role. Can be repeated.")
        parser.add_argument(
            "--renew", action="store_true", help="Set a new temporary password for an existing account."
        )
        parser.add_argument(
            "--vouch",
            action="store_true",
            help="Confirm that you know this person and that they have no other staff account.",
        )
        parser.add_argument("--jurisdiction", default=settings.JURISDICTIONS[0], choices=settings.JURISDICTIONS)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the account, or renew its password. Raises `CommandError` where the name is in use, or unknown."""
        password = secrets.token_urlsafe(18)
        try:
            user = _renew(options, password) if options["renew"] else _create(options, password)
        except (UsernameTaken, NoStaffAccount) as reason:
            raise CommandError(str(reason)) from None
        if options["vouch"]:
            vouch_for(member=user, by=None)
        self.stdout.write(f"Staff account: {options['username']}, password: {password} (shown only once)")
        self.stdout.write(f"Change it at the first sign-in, before {user.temporary_password_until:%Y-%m-%d %H:%M} UTC.")


def _create(options: dict[str, Any], password: str) -> User:
    return create_staff(
        username=options["username"], password=password, jurisdiction=options["jurisdiction"], roles=options["role"]
    )


def _renew(options: dict[str, Any], password: str) -> User:
    return renew_temporary_password(username=options["username"], password=password)
