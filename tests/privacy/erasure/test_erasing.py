"""Due means erased: rows, indexes, sessions, keys; what stays is nameless, and a failure stops nobody else."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone, translation

from accounts.models import Code, ContactPoint, Correction, Profile, Session, User
from accounts.sign_in.contact_points import add_contact_point, mark_verified
from privacy.consent.models import ConsentRecord
from privacy.consent.services import SubjectErased
from privacy.encryption.keys import KeyDestroyed
from privacy.encryption.models import DataKey
from privacy.erasure import tasks
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import failing_cases, late_cases
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.evidence.models import chain_faults
from privacy.journal.maintenance import forget_answer
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES
from privacy.notices.models import Notice
from privacy.register.holders import ModelHolder
from privacy.register.retention_classes import RetentionClass
from tests.factories import agree, make_person, make_policy, make_user, pass_time

PERSONAL = (User, Profile, ContactPoint, Code, Session, Correction)
State = ErasureCase.State


def due(user: User) -> ErasureCase:
    case = cancel_account(subject=user.subject)
    pass_time(case, settings.COOLING_OFF)
    return case


def test_nothing_is_erased_before_it_is_due():
    user = make_person()
    case = cancel_account(subject=user.subject)
    pass_time(case, settings.COOLING_OFF - timedelta(minutes=1))
    assert erase_due_accounts() == 0
    assert User.objects.filter(pk=user.pk).exists()


def test_every_row_of_the_person_goes_and_nobody_elses():
    user, other = make_person(), make_person()
    due(user)
    erase_due_accounts()
    for model in PERSONAL:
        assert not model.objects.filter(subject_id=user.subject_id).exists(), model
    assert User.objects.filter(pk=other.pk).exists()
    assert Profile.objects.get(subject_id=other.subject_id).name


def test_every_key_of_the_person_is_destroyed():
    user = make_person()
    due(user)
    erase_due_accounts()
    keys = DataKey.objects.filter(owner=user.subject_id)
    assert keys.exists()
    assert all(key.wrapped is None and key.destroyed_at for key in keys)


def test_consent_records_stay_and_name_nobody():
    user = make_person()
    due(user)
    erase_due_accounts()
    assert ConsentRecord.objects.filter(subject_id=user.subject_id).count() == 1
    assert list(chain_faults(ConsentRecord)) == []


def test_the_receipt_counts_what_went_by_holder():
    user = make_person()
    version = ConsentRecord.objects.get(subject_id=user.subject_id).version
    case = due(user)
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.reference == case.reference
    assert receipt.counts["accounts.user"] == 1
    assert receipt.counts["accounts.contactpoint"] == 1
    assert receipt.counts["keys"] == DataKey.objects.filter(owner=user.subject_id).count()
    assert receipt.version == version
    assert {"holder": "privacy.consentrecord", "count": 1} in receipt.kept
    assert list(chain_faults(ErasureReceipt)) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE privacy_erasurereceipt SET reference = 'x'", "DELETE FROM privacy_erasurereceipt"]
)
def test_the_database_refuses_to_change_a_receipt(statement: str):
    due(make_person())
    erase_due_accounts()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_last_notice_belongs_to_nobody_and_is_sealed_under_a_key_of_its_own():
    user = make_person()
    case = due(user)
    erase_due_accounts()
    notice = Notice.objects.get(template="account_erased")
    assert notice.subject_id is None
    assert DataKey.objects.filter(owner=notice.pk, wrapped__isnull=False).exists()
    assert case.reference in notice.context


def test_erasing_twice_changes_nothing():
    case = due(make_person())
    erase_due_accounts()
    case.refresh_from_db()
    assert erase_due_accounts() == 0
    assert ErasureReceipt.objects.filter(case=case).count() == 1


def test_an_undone_cancellation_is_never_erased():
    user = make_person()
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    pass_time(case, timedelta(days=30))
    erase_due_accounts()
    assert User.objects.filter(pk=user.pk).exists()


def test_a_stopped_erasure_goes_on_where_it_stopped():
    case = due(make_person())
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=SystemExit), pytest.raises(SystemExit):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ROWS_ERASED
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert ErasureReceipt.objects.get(case=case).counts["keys"] > 0


def test_one_poisonous_person_stops_nobody_else():
    poisonous, others = make_person(), [make_person() for _ in range(4)]
    case = due(poisonous)
    for other in others:
        due(other)
    erase = ModelHolder.erase

    def fail(holder: ModelHolder, subjects):
        if poisonous.subject_id in subjects and holder.model is Profile:
            raise DatabaseError("a message with a value in it")
        return erase(holder, subjects)

    with patch.object(ModelHolder, "erase", fail):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert list(failing_cases()) == [case]
    assert case.last_failure == "erase_rows: DatabaseError"
    assert User.objects.filter(subject__in=[other.subject_id for other in others]).count() == 0


def test_where_one_fails_the_others_of_its_batch_are_taken_one_by_one_and_counted():
    people = [make_person() for _ in range(3)]
    cases = [due(user) for user in people]
    erase = ModelHolder.erase

    def fail(holder: ModelHolder, subjects):
        if people[1].subject_id in subjects:
            raise DatabaseError
        return erase(holder, subjects)

    with patch.object(ModelHolder, "erase", fail):
        assert erase_due_accounts(batch=10) == 2 + 2
    states = dict(ErasureCase.objects.values_list("pk", "state"))
    assert [states[case.pk] for case in cases] == [State.ERASED, State.COOLING_OFF, State.ERASED]


def test_a_batch_holds_no_more_people_than_it_is_told():
    for _ in range(5):
        due(make_person())
    sizes = []
    erase = ModelHolder.erase

    def note(holder: ModelHolder, subjects):
        sizes.append(len(subjects))
        return erase(holder, subjects)

    with patch.object(ModelHolder, "erase", note):
        erase_due_accounts(batch=2)
    assert set(sizes) == {2, 1}


def test_a_failure_waits_longer_each_time_and_is_retried():
    user = make_person()
    case = due(user)
    waits = []
    with patch.object(ModelHolder, "erase", side_effect=DatabaseError):
        for _ in range(8):
            assert erase_due_accounts() == 0
            case.refresh_from_db()
            waits.append((case.next_attempt_at - timezone.now()) / timedelta(minutes=1))
            assert erase_due_accounts() == 0  # not before its next attempt
            ErasureCase.objects.update(next_attempt_at=case.due_at)
    assert waits == pytest.approx([0.25, 0.5, 1, 2, 4, 8, 16, 32], abs=0.1)
    assert case.attempts == 8
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert case.last_failure == ""


@pytest.mark.parametrize(("left", "most"), [(timedelta(minutes=20), 5), (timedelta(hours=-1), 0.25)])
def test_a_failure_never_waits_until_it_is_late(left: timedelta, most: float):
    case = due(make_person())
    ErasureCase.objects.filter(pk=case.pk).update(attempts=8, deadline_at=Now() + left)
    with patch.object(ModelHolder, "erase", side_effect=DatabaseError):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.next_attempt_at - timezone.now() <= timedelta(minutes=most)
    assert case.attempts == 9


def test_a_step_that_went_well_forgets_the_failures_before_it():
    case = due(make_person())
    ErasureCase.objects.filter(pk=case.pk).update(attempts=8)
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=DatabaseError):
        erase_due_accounts()
    case.refresh_from_db()
    assert (case.state, case.attempts) == (State.ROWS_ERASED, 1)
    assert case.next_attempt_at - timezone.now() <= timedelta(seconds=15)


def test_a_sweep_whose_time_is_over_ends_and_holds_nothing_against_anybody():
    cases = [due(make_person()) for _ in range(3)]
    over = patch.object(ModelHolder, "erase", side_effect=SoftTimeLimitExceeded)
    with over as tried, pytest.raises(SoftTimeLimitExceeded):
        erase_due_accounts()
    assert tried.call_count == 1
    assert set(ErasureCase.objects.values_list("state", "attempts")) == {(State.COOLING_OFF, 0)}
    assert erase_due_accounts() == 2 * len(cases)


def test_a_case_past_its_deadline_is_late_until_it_is_erased():
    case = due(make_person())
    pass_time(case, settings.ERASE_WITHIN)
    assert list(late_cases()) == [case]
    erase_due_accounts()
    assert list(late_cases()) == []


def test_a_late_write_is_refused():
    user = make_person()
    late_profile = Profile.objects.get(subject_id=user.subject_id)
    due(user)
    erase_due_accounts()
    late_profile.name = "Back again"
    with pytest.raises(KeyDestroyed), transaction.atomic():
        late_profile.save()
    user.subject.refresh_from_db()
    with pytest.raises(SubjectErased):
        agree(user.subject, make_policy())


def test_a_sweep_takes_everything_that_is_due_in_batches_and_counts_its_steps():
    people, waits = [make_person() for _ in range(5)], make_person()
    for user in people:
        due(user)
    cancel_account(subject=waits.subject)
    assert erase_due_accounts(batch=2) == 2 * 5
    assert list(User.objects.all()) == [waits]
    assert ErasureReceipt.objects.count() == 5
    assert set(ErasureCase.objects.values_list("state", flat=True)) == {State.ERASED, State.COOLING_OFF}


def test_a_case_keeps_when_it_began_and_ended():
    user = make_person()
    case = due(user)
    erase_due_accounts()
    case.refresh_from_db()
    now = timezone.now()
    assert now - timedelta(minutes=1) < case.started_at <= case.erased_at < now
    user.subject.refresh_from_db()
    assert now - timedelta(minutes=1) < user.subject.erased_at < now
    receipt = ErasureReceipt.objects.get()
    assert (receipt.cancelled_at, receipt.due_at, receipt.erased_at) == (case.cancelled_at, case.due_at, case.erased_at)
    assert (receipt.counts, receipt.held) == (case.counts, [])


def test_each_person_has_counts_of_their_own():
    one, two = make_person(), make_person()
    mark_verified(add_contact_point(subject=two.subject, field="email", value="two@example.com"))
    version = make_policy()
    agree(two.subject, version)
    cases = {user: due(user) for user in (one, two)}
    erase_due_accounts()
    receipts = {user: ErasureReceipt.objects.get(case=case) for user, case in cases.items()}
    assert [receipts[user].counts["accounts.contactpoint"] for user in (one, two)] == [1, 2]
    kept = [{thing["holder"]: thing["count"] for thing in receipts[user].kept} for user in (one, two)]
    assert [things["privacy.consentrecord"] for things in kept] == [1, 2]
    assert receipts[two].version == version
    assert receipts[one].version != version


def test_who_never_agreed_to_anything_has_a_receipt_too():
    case = due(make_user())
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.version is None
    assert {"holder": "privacy.consentrecord", "count": 0} in receipt.kept


def test_the_last_notice_goes_to_every_contact_point_in_the_persons_language():
    user = make_person(phone="+381641112223")
    mark_verified(add_contact_point(subject=user.subject, field="email", value="maria@example.com"))
    with translation.override("zh-hans"):
        case = due(user)
    erase_due_accounts()
    notices = Notice.objects.filter(template="account_erased")
    assert {(notice.channel, notice.address, notice.language) for notice in notices} == {
        ("sms", "+381641112223", "zh-hans"),
        ("email", "maria@example.com", "zh-hans"),
    }
    for notice in notices:
        context = json.loads(notice.context)
        assert (context["reference"], context["receipt_url"]) == (case.reference, f"/receipts/{case.reference}/")


def test_the_journal_says_which_classes_were_erased_before_the_keys_are_destroyed():
    user = make_person()
    case = due(user)
    with patch("privacy.journal.heads.destroy_classes", side_effect=DatabaseError):
        erase_due_accounts()
    entry = JournalEntry.objects.get(kind="erased")
    assert (entry.item, entry.subject_id, entry.reference) == (case.pk, user.subject_id, case.reference)
    assert entry.classes == sorted(set(RetentionClass) - {"evidence"})
    assert [line["kind"] for line in ERASURES.file.lines()][-1] == "erased"
    assert DataKey.objects.filter(owner=user.subject_id, wrapped__isnull=False).exists()
    case.refresh_from_db()
    assert (case.state, case.last_failure) == (State.ROWS_ERASED, "destroy_and_prove: DatabaseError")


def test_without_its_journal_no_key_is_destroyed(settings, tmp_path):
    user = make_person()
    case = due(user)
    (tmp_path / "file").touch()
    settings.ERASURE_JOURNAL = tmp_path / "file" / "journal"
    forget_answer()
    assert erase_due_accounts() == 0
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert DataKey.objects.filter(owner=user.subject_id, wrapped__isnull=False).exists()
    settings.ERASURE_JOURNAL = tmp_path / "journal"
    forget_answer()
    assert erase_due_accounts() == 2
    assert not DataKey.objects.filter(owner=user.subject_id, wrapped__isnull=False).exists()


def test_a_failure_is_logged_by_number_and_kind_never_by_what_it_says(caplog):
    case = due(make_person())
    with patch.object(ModelHolder, "erase", side_effect=DatabaseError("+381641112223")):
        erase_due_accounts()
    assert str(case.pk) in caplog.text
    assert "DatabaseError" in caplog.text
    assert "+381641112223" not in caplog.text


def test_of_several_that_fail_the_nearest_deadline_is_listed_first():
    later, sooner = due(make_person()), due(make_person())
    ErasureCase.objects.filter(pk=sooner.pk).update(deadline_at=F("deadline_at") - timedelta(hours=1))
    with patch.object(ModelHolder, "erase", side_effect=DatabaseError):
        erase_due_accounts()
    assert list(failing_cases()) == [sooner, later]


def test_the_task_that_beat_wakes_erases_what_is_due():
    due(make_person())
    assert tasks.erase_due_accounts.name == "privacy.erasure.tasks.erase_due_accounts"
    assert tasks.erase_due_accounts() == 2
    assert ErasureCase.objects.get().state == State.ERASED
