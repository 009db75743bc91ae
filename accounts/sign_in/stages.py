"""Steps between a right password and an open door: a contact point is verified, a cancellation undone."""

from allauth.account.internal.stagekit import stash_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language

from accounts.sign_in.codes import send_code
from accounts.sign_in.contact_points import contacts_to_verify
from accounts.sign_in.models import Code, ContactPoint
from accounts.sign_in.networks import network_of

CONTACT_KEY = "contact"


class VerifyContactStage(LoginStage):
    """Holds a sign-in until the contact point that the jurisdiction asks for is verified."""

    key = "verify_contact"
    urlname = "verify_contact"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let verified people pass, send others to the page that asks for the code."""
        if self.login.user.is_verified:
            return None, True
        self.send()
        self.request.waiting_stage = self
        return redirect("verify_contact"), True

    def send(self) -> None:
        """Send a code to the contact point that the person chose, or to the first. Raises `RateLimited`."""
        send_code(
            contact=self.contact,
            use=Code.Use.VERIFY,
            language=get_language() or "en",
            network=network_of(self.request),
        )

    def choose(self, contact_id: str) -> None:
        """Verify by another waiting contact point."""
        self.state[CONTACT_KEY] = contact_id
        stash_login(self.request, self.login)

    @cached_property
    def waiting(self) -> list[ContactPoint]:
        """The contact points of which one has to be verified."""
        return contacts_to_verify(self.login.user)

    @property
    def contact(self) -> ContactPoint:
        """The contact point that the person chose, else the first."""
        chosen = self.state.get(CONTACT_KEY)
        return next((contact for contact in self.waiting if str(contact.pk) == chosen), self.waiting[0])


class RefusedStage(LoginStage):
    """Holds a person who proved who they are, but whose account cannot be signed in to now, at the page that says why.

    It comes after the second factor, so that a sign-in that waited there does not pass a lock.
    """

    key = "sign_in_refused"
    urlname = "sign_in_refused"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let everybody else pass."""
        return (redirect("sign_in_refused") if self.login.user.refusal else None), True


class UndoCancellationStage(LoginStage):
    """Holds a person who cancelled, and proved who they are in every step before, at the one page that can undo it."""

    key = "undo_cancellation"
    urlname = "undo_cancellation"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let everybody else pass."""
        return (None if self.login.user.is_active else redirect("undo_cancellation")), True


def stage_of_request(request: HttpRequest) -> VerifyContactStage | None:
    """Return the stage at which a sign-in came to wait in this very request: what it read need not be read again."""
    return getattr(request, "waiting_stage", None)


def waiting_stage(request: HttpRequest) -> VerifyContactStage | None:
    """Return the stage in which this browser's sign-in waits for a contact point, or None."""
    return LoginStageController.enter(request, VerifyContactStage.key)


def second_step(request: HttpRequest) -> AuthenticateStage | None:
    """Return the stage in which this browser's sign-in waits for the second factor, or None."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage if stage and stage.login.user else None


def refused_stage(request: HttpRequest) -> RefusedStage | None:
    """Return the stage in which a person is told why they cannot sign in, or None."""
    stage = LoginStageController.enter(request, RefusedStage.key)
    return stage if stage and stage.login.user and stage.login.user.refusal else None


def undo_stage(request: HttpRequest) -> UndoCancellationStage | None:
    """Return the stage in which a person who cancelled may undo it, or None."""
    stage = LoginStageController.enter(request, UndoCancellationStage.key)
    return stage if stage and stage.login.user else None
