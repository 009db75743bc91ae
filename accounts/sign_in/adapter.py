"""What allauth asks of this project."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

UNDO_SESSION_KEY = "may_undo_cancellation_of"


class AccountAdapter(DefaultAccountAdapter):
    """Closes allauth's own sign-up, and adds the stage that verifies a contact point before first use."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: registration asks for consent, allauth's form would not."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the steps between the password and the open door."""
        return ["accounts.sign_in.stages.VerifyContactStage"]

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Send a person who cancelled, and proved who they are, to the one page that can undo it."""
        request.session[UNDO_SESSION_KEY] = str(user.pk)
        return redirect("undo_cancellation")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the portal's own pages do."""
