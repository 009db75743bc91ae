"""Cancelled: nothing is used from that moment; undone: everything is as it was."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from accounts.sign_in.models import Session
from accounts.sign_in.session_store import SessionStore
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import AlreadyCancelled, TooLateToUndo, cancel_account, undo_cancellation
from privacy.notices.models import Notice
from tests.factories import make_person, make_user, pass_time


def sign_in_somewhere(user: User) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    return str(session.session_key)


def test_cancelling_ends_every_session_and_shuts_the_door():
    user = make_user()
    for _ in range(3):
        sign_in_somewhere(user)
    other = sign_in_somewhere(make_user())
    cancel_account(subject=user.subject)
    assert list(Session.objects.values_list("session_key", flat=True)) == [other]
    user.refresh_from_db()
    assert not user.is_active


def test_the_erasure_is_due_after_the_cooling_off_period_and_has_a_deadline():
    case = cancel_account(subject=make_user().subject)
    assert case.due_at - case.cancelled_at == settings.COOLING_OFF
    assert case.deadline_at - case.due_at == settings.ERASE_WITHIN
    assert case.deadline_at - case.cancelled_at <= timedelta(days=15)


def test_the_person_is_told_at_every_verified_contact_point():
    user = make_person()
    Notice.objects.all().delete()
    case = cancel_account(subject=user.subject)
    notice = Notice.objects.get(template="account_cancelled")
    assert notice.subject_id == user.subject_id
    assert case.reference in notice.context


def test_a_second_cancellation_is_refused_and_names_the_first():
    user = make_user()
    first = cancel_account(subject=user.subject)
    with pytest.raises(AlreadyCancelled) as refused:
        cancel_account(subject=user.subject)
    assert refused.value.case == first


def test_undoing_opens_the_door_again():
    user = make_user()
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    user.refresh_from_db()
    case.refresh_from_db()
    assert user.is_active
    assert case.state == ErasureCase.State.UNDONE


def test_after_an_undo_one_may_cancel_again():
    user = make_user()
    undo_cancellation(case=cancel_account(subject=user.subject))
    assert cancel_account(subject=user.subject).is_open


def test_it_is_too_late_to_undo_once_the_erasure_is_due():
    case = cancel_account(subject=make_user().subject)
    pass_time(case, settings.COOLING_OFF)
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)


def test_an_undo_that_failed_leaves_the_door_shut():
    user = make_user()
    case = cancel_account(subject=user.subject)
    ErasureCase.objects.update(attempts=F("attempts") + 1)
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    user.refresh_from_db()
    assert not user.is_active
