"""Cancelled: nothing is used from that moment on. Undone: everything is as before."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.sessions.models import Session
from accounts.sessions.store import SessionStore
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import cancellation_in_cooling_off
from privacy.erasure.services import (
    AlreadyCancelled,
    TooLateToUndo,
    cancel_account,
    cancel_at_once,
    undo_cancellation,
)
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES
from privacy.jurisdictions.site import link_to
from privacy.notices.models import Notice
from privacy.policies.grounds import DeletionGround
from tests.erasures import due
from tests.factories import make_person, make_user


def sign_in_somewhere(user: User) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    return session.row_key


def test_cancelling_ends_every_session_and_refuses_sign_in():
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


def test_the_person_is_notified_at_every_verified_contact_point():
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


def test_undoing_restores_access():
    user = make_user()
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    user.refresh_from_db()
    case.refresh_from_db()
    assert user.is_active
    assert case.state == ErasureCase.State.UNDONE


def test_what_was_undone_is_not_undone_again():
    user = make_user()
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    second = cancel_account(subject=user.subject)
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    user.refresh_from_db()
    second.refresh_from_db()
    assert (user.is_active, second.state) == (False, ErasureCase.State.COOLING_OFF)


def test_after_an_undo_one_may_cancel_again():
    user = make_user()
    undo_cancellation(case=cancel_account(subject=user.subject))
    assert cancel_account(subject=user.subject).is_open


def test_it_is_too_late_to_undo_once_the_erasure_is_due():
    case = due(make_user())
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)


def test_a_failed_undo_leaves_access_ended():
    user = make_user()
    case = cancel_account(subject=user.subject)
    ErasureCase.objects.update(attempts=F("attempts") + 1)
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    user.refresh_from_db()
    assert not user.is_active


def test_the_notice_says_in_the_persons_language_where_to_look_and_until_when():
    user = make_person()
    mark_verified(add_contact_point(subject=user.subject, field="email", value="maria@example.com"))
    Notice.objects.all().delete()
    with translation.override("zh-hans"):
        case = cancel_account(subject=user.subject)
    assert case.language == "zh-hans"
    notices = {notice.channel: notice for notice in Notice.objects.filter(template="account_cancelled")}
    assert notices.keys() == {"sms", "email"}
    assert notices["email"].address == "maria@example.com"
    assert re.fullmatch(r"\+38164\d{7}", notices["sms"].address)
    for notice in notices.values():
        assert notice.language == "zh-hans"
        assert json.loads(notice.context) == {
            "jurisdiction": "intl",
            "reference": case.reference,
            "receipt_url": link_to("erasure_receipt", case.reference),
            "undo_until": case.due_at.isoformat(timespec="minutes"),
            "sign_in_url": link_to("sign_in"),
            "erased_by": case.deadline_at.isoformat(timespec="minutes"),
        }


def test_the_person_is_notified_that_the_account_was_kept():
    user = make_person()
    case = cancel_account(subject=user.subject)
    Notice.objects.all().delete()
    undo_cancellation(case=case)
    notice = Notice.objects.get()
    assert (notice.template, notice.subject_id, notice.language) == ("cancellation_undone", user.subject_id, "en")
    assert json.loads(notice.context)["receipt_url"] == link_to("erasure_receipt", case.reference)


def test_the_journal_has_all_that_a_replay_needs():
    user = make_user()
    case = cancel_account(subject=user.subject, ground=DeletionGround.UNLAWFUL)
    undo_cancellation(case=case)
    cancelled, undone = JournalEntry.objects.order_by("position")
    for entry in (cancelled, undone):
        assert (entry.subject_id, entry.item, entry.reference) == (user.subject_id, case.pk, case.reference)
        assert (entry.clause, entry.classes) == ("6.3.1", [])
        assert (entry.due_at, entry.deadline_at) == (case.due_at, case.deadline_at)
    assert (cancelled.kind, undone.kind) == ("cancelled", "undone")
    assert cancelled.at == case.cancelled_at
    assert timezone.now() - undone.at < timedelta(minutes=1)


def test_the_journals_file_has_a_cancellation_as_soon_as_it_is_committed(django_capture_on_commit_callbacks):
    user = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        case = cancel_account(subject=user.subject)
    assert [line["item"] for line in ERASURES.journal.lines()] == [str(case.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        undo_cancellation(case=case)
    assert [line["kind"] for line in ERASURES.journal.lines()] == ["cancelled", "undone"]


def test_a_journal_that_cannot_be_written_delays_nothing_and_is_logged_without_a_value(
    django_capture_on_commit_callbacks, settings, tmp_path, caplog
):
    (tmp_path / "file").touch()
    settings.ERASURE_JOURNAL = tmp_path / "file" / "journal"
    with django_capture_on_commit_callbacks(execute=True):
        case = cancel_account(subject=make_user().subject)
    assert case.is_open
    assert "journal cannot be written (NotADirectoryError)" in caplog.text


def test_a_case_says_whether_it_is_open():
    case = cancel_account(subject=make_user().subject)
    assert {state for state in ErasureCase.State if ErasureCase(state=state).is_open} == {
        *("cooling_off", "rows_erased", "held"),
    }
    assert str(case) == case.reference


def test_without_a_cooling_off_period_a_case_that_cools_off_is_due_now():
    user = make_user()
    case = cancel_account(subject=user.subject)
    assert cancel_at_once(subjects=[user.subject_id], ground=DeletionGround.WITHOUT_CONSENT) == [user.subject_id]
    case.refresh_from_db()
    assert ErasureCase.objects.count() == 1
    assert case.ground == DeletionGround.WITHOUT_CONSENT
    assert case.due_at == case.next_attempt_at <= timezone.now()
    assert case.deadline_at == case.due_at + settings.ERASE_WITHIN
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    user.refresh_from_db()
    assert not user.is_active


def test_a_case_that_is_due_keeps_its_deadline():
    case = due(make_user())
    case.refresh_from_db()
    before = (case.due_at, case.deadline_at)
    cancel_at_once(subjects=[case.subject_id], ground=DeletionGround.WITHOUT_CONSENT)
    case.refresh_from_db()
    assert (case.due_at, case.deadline_at) == before


def test_undoing_one_cancellation_leaves_other_peoples_alone():
    mine, other = make_user(), make_user()
    case = cancel_account(subject=mine.subject)
    cancel_account(subject=other.subject)
    undo_cancellation(case=case)
    other.refresh_from_db()
    assert not other.is_active
    assert cancellation_in_cooling_off(other.subject_id)
    assert cancellation_in_cooling_off(mine.subject_id) is None
