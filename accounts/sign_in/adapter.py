"""What allauth asks of this project."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes allauth's own sign-up: `accounts.registration` is the only door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: registration asks for consent, allauth's form would not."""
        return False
