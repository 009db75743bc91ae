"""The adapter for allauth."""

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
    """Closes allauth's own sign-up, and lists the steps of a sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: allauth's form does not ask for consent."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the steps after the password, in order."""
        return [
            "accounts.sign_in.stages.VerifyContactStage",
            "allauth.mfa.stages.AuthenticateStage",
            "accounts.sign_in.stages.RefusedStage",
            "accounts.sign_in.stages.UndoCancellationStage",
        ]

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse | None:
        """Let a cancelled account continue: the last stage holds it, after the second factor."""
        return super().pre_login(request, user, **options) if user.is_active else None

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign a user in. Raises `BeginAgain` where the account changed since they authenticated.

        A sign-in is one transaction. The session is stored before the lock is released: code that ends all sessions
        runs before it, or finds it.
        """
        with transaction.atomic():
            hold_epoch(subject_id=user.subject_id, epoch=user.epoch)
            with session_of(request).begun_for(user):
                super().login(request, user)
                forgive_tries(request)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whether allauth's flows need a fresh sign-in, by the portal's own rule."""
        return not signed_in_recently(self.request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add no message: the portal's pages have their own."""
