"""Undo a cancellation, after the person authenticated again."""

from django.http import HttpRequest, HttpResponse

from accounts.sign_in.stages import leave_stage, undo_stage
from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import cancellation_in_cooling_off
from privacy.erasure.services import undo_cancellation


def case_to_undo(request: HttpRequest) -> ErasureCase | None:
    """Return the cancellation that this session may undo, or None."""
    stage = undo_stage(request)
    return cancellation_in_cooling_off(stage.login.user.subject_id) if stage else None


def undo_and_sign_in(request: HttpRequest, case: ErasureCase) -> HttpResponse:
    """Keep the account and sign its owner in, from a session whose `case_to_undo` this is.

    Raises `TooLateToUndo`, `BeginAgain`.
    """
    stage = undo_stage(request)
    assert stage is not None  # noqa: S101 - for the type checker: the case comes from this stage
    undo_cancellation(case=case)
    stage.login.user.refresh_from_db(fields=["is_active"])
    return leave_stage(stage)
