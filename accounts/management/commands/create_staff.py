"""`manage.py create_staff NAME`: make a member of staff and print their password once."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.staff.roles import ROLES
from accounts.users.services import UsernameTaken, create_staff


class Command(BaseCommand):
    """Makes a member of staff with some roles, or with every right."""

    help = "Make a member of staff with the given roles, without any with every right; their password is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and under which jurisdiction their own data falls."""
        parser.add_argument("username")
        parser.add_argument("--role", action="append", default=[], choices=list(ROLES), help="May be given again.")
        parser.add_argument("--jurisdiction", default=settings.JURISDICTIONS[0], choices=settings.JURISDICTIONS)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the account. Fails where the name is in use."""
        password = secrets.token_urlsafe(18)
        try:
            create_staff(
                username=options["username"],
                password=password,
                jurisdiction=options["jurisdiction"],
                roles=options["role"],
            )
        except UsernameTaken as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Staff account: {options['username']}, password: {password} (shown this once only)")
