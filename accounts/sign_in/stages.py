"""Steps between a right password and a session: verify a contact point, undo a cancellation."""

from typing import TypeVar

from allauth.account.internal import stagekit
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from accounts.contact_points.code_requests import FirstCode, ask_to_verify, send_to_verify
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import contacts_to_verify
from accounts.sessions.repeated_codes import note_right_code
from accounts.users.epochs import BeginAgain, hold_epoch
from accounts.users.models import User

CONTACT_KEY = "contact"
EPOCH_KEY = "epoch"
Stage = TypeVar("Stage", bound=LoginStage)


class VerifyContactStage(LoginStage):
    """Holds a sign-in until the contact point that the jurisdiction asks for is verified."""

    key = "verify_contact"
    urlname = "verify_contact"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Pass a verified person; redirect others to the page that asks for the code. Raises `BeginAgain`."""
        if self.login.user.is_verified:
            return None, True
        first: FirstCode | None = getattr(self.request, "first_code", None)
        if first and first.is_sent_to(self.login.user.subject_id):
            self.waiting = first.waiting
            first.hold()
        elif first and first.counted:
            with transaction.atomic():  # no other correction deletes the contact point before its code is stored
                hold_epoch(subject_id=self.login.user.subject_id, epoch=self.login.user.epoch)
                self.send(is_counted=self.contact in first.counted)
        else:
            self.send()
        self.request.waiting_stage = self
        return redirect("verify_contact"), True

    def send(self, *, is_counted: bool = False) -> None:
        """Send a code to the chosen contact point, else the first; count it unless it `is_counted`.

        Raises `RateLimited`, and `BeginAgain` where there is none to verify.
        """
        send = send_to_verify if is_counted else ask_to_verify
        send(self.request, contact=self.contact, epoch=self.login.user.epoch)

    def choose(self, contact_id: str) -> None:
        """Verify by another waiting contact point."""
        self.state[CONTACT_KEY] = contact_id
        self.__dict__.pop("waiting", None)  # the chosen one may be new
        stagekit.stash_login(self.request, self.login)

    @cached_property
    def waiting(self) -> list[ContactPoint]:
        """The contact points to verify; one of them is enough."""
        return contacts_to_verify(self.login.user) if self.login.user.is_active else []

    @property
    def contact(self) -> ContactPoint:
        """The contact point that the person chose, else the first. Raises `BeginAgain` where none waits."""
        chosen = self.state.get(CONTACT_KEY)
        contact = next((one for one in self.waiting if str(one.pk) == chosen), next(iter(self.waiting), None))
        if contact is None:
            raise BeginAgain("No contact point of this registration can be verified any more.")
        return contact

    @property
    def is_passed(self) -> bool:
        """Whether the contact point was verified meanwhile, from another browser."""
        return bool(self.login.user.is_verified)


class RefusedStage(LoginStage):
    """Holds an authenticated person whose account cannot be signed in to, at the page that says why.

    It comes after the second factor, so that a sign-in that waits there does not pass a lock.
    """

    key = "sign_in_refused"
    urlname = "sign_in_refused"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        return (redirect("sign_in_refused") if self.login.user.refusal else None), True


class UndoCancellationStage(LoginStage):
    """Holds a cancelled person who passed all earlier steps at the page that undoes the cancellation."""

    key = "undo_cancellation"
    urlname = "undo_cancellation"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        return (None if self.login.user.is_active else redirect("undo_cancellation")), True


def new_login(user: User, *, redirect_url: str | None = None, signup: bool = False) -> Login:
    """Return a sign-in that begins now; a new epoch of the person voids it."""
    return Login(user=user, redirect_url=redirect_url, signup=signup, state={EPOCH_KEY: user.epoch})


def stage_of_request(request: HttpRequest) -> VerifyContactStage | None:
    """Return the stage that this request reached, or None: reusing it saves queries."""
    return getattr(request, "waiting_stage", None)


def pending_stage(request: HttpRequest) -> LoginStage | None:
    """Return the stage at which this session's sign-in waits, or None without one, or where it is void."""
    stage = stagekit.get_pending_stage(request)
    return stage if stage and _counts(stage) else None


def waiting_stage(request: HttpRequest) -> VerifyContactStage | None:
    """Return the stage in which this session's sign-in waits for a contact point, or None. Raises `BeginAgain`."""
    return _entered(request, VerifyContactStage)


def second_step(request: HttpRequest) -> AuthenticateStage | None:
    """Return the stage in which this session's sign-in waits for the second factor, or None. Raises `BeginAgain`."""
    return _entered(request, AuthenticateStage)


def refused_stage(request: HttpRequest) -> RefusedStage | None:
    """Return the stage that shows a person why they cannot sign in, or None."""
    stage = LoginStageController.enter(request, RefusedStage.key)
    return stage if stage and stage.login.user and stage.login.user.refusal else None


def undo_stage(request: HttpRequest) -> UndoCancellationStage | None:
    """Return the stage in which a cancelled person may undo the cancellation, or None. Raises `BeginAgain`."""
    return _entered(request, UndoCancellationStage)


def leave_stage(stage: LoginStage, *, code: str = "") -> HttpResponse:
    """Leave a passed stage for the next one, or sign in after the last. Raises `BeginAgain`.

    Of several parallel requests of one session, only one is signed in. `code` is the code that passed the stage: the
    same code sent again gets the same answer.
    """
    request, user, former = stage.request, stage.login.user, stage.request.session.session_key
    with transaction.atomic():
        hold_epoch(subject_id=user.subject_id, epoch=user.epoch)
        if not request.session.exists(request.session.session_key):
            request.session.modified = False  # all changes are stored
            raise BeginAgain("This session signed in, or ended, meanwhile.")
        response: HttpResponse = stage.exit()
    if code:
        landed = response.headers.get("Location", "")
        note_right_code(request, use=stage.key, digits=code, former=former, landed=landed)
    return response


def _entered(request: HttpRequest, kind: type[Stage]) -> Stage | None:
    stage: Stage | None = LoginStageController.enter(request, kind.key)
    if stage and not _counts(stage):
        stagekit.clear_login(request)
        raise BeginAgain("The account changed since this sign-in began.")
    return stage


def _counts(stage: LoginStage) -> bool:
    user = stage.login.user
    return user is not None and stage.login.state.get(EPOCH_KEY) == user.epoch
