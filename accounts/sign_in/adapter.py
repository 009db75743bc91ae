"""What allauth asks of this project."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.sessions.store import session_of
from accounts.sign_in.freshness import signed_in_recently
from accounts.tries.limits import forgive_tries
from accounts.users.epochs import hold_epoch


class AccountAdapter(DefaultAccountAdapter):
    """Closes allauth's own sign-up, and says which steps a sign-in takes."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: registration asks for consent, allauth's form would not."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the steps between the password and the open door."""
        return [
            "accounts.sign_in.stages.VerifyContactStage",
            "allauth.mfa.stages.AuthenticateStage",
            "accounts.sign_in.stages.RefusedStage",
            "accounts.sign_in.stages.UndoCancellationStage",
        ]

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse | None:
        """Let a person who cancelled go on: the last stage holds them, after the second factor."""
        return super().pre_login(request, user, **options) if user.is_active else None

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign somebody in, unless their account changed since they proved who they are. Raises `BeginAgain`.

        What a sign-in writes is one transaction. The session is stored before the lock ends: whatever ends all sessions
        comes before it, or finds it.
        """
        with transaction.atomic():
            hold_epoch(subject_id=user.subject_id, epoch=user.epoch)
            with session_of(request).begun_for(user):
                super().login(request, user)
                forgive_tries(request)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whether allauth's own flows ask again: a sign-in is as fresh to them as it is to us."""
        return not signed_in_recently(self.request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the portal's own pages do."""
