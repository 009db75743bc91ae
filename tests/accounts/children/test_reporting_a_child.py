"""A child found without consent: suspended at once, erased before all others; recipients stop."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.children.reporting import HasGuardian, report_child
from accounts.children.services import delete_for_child, report_for_child
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import TooLateToUndo, cancel_account, undo_cancellation
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER
from privacy.policies.grounds import DeletionGround
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from tests.children import registered_child, verified
from tests.factories import make_person, make_policy, make_staff
from tests.sign_in_clients import client_of


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> Guardianship:
    return verified(registered_child())


def test_a_child_found_without_consent_is_suspended_at_once_and_erased_before_all_others():
    officer = make_staff(PRIVACY_OFFICER)
    waiting = [make_person(phone=f"+491512345678{digit}") for digit in range(3)]
    for person in waiting:
        ErasureCase.objects.create(
            subject=person.subject,
            ground=DeletionGround.CANCELLED,
            cancelled_at=timezone.now() - dt.timedelta(days=9),
            due_at=timezone.now() - dt.timedelta(days=2),
            next_attempt_at=timezone.now() - dt.timedelta(days=2),
            deadline_at=timezone.now() + dt.timedelta(days=1),
        )
    found = make_person(phone="+4915123456799")
    report_child(staff=officer, user=found)
    found.refresh_from_db()
    assert not found.is_active
    case = ErasureCase.objects.get(subject=found.subject)
    assert case.deadline_at - case.cancelled_at == dt.timedelta(hours=24)
    assert AccessRecord.objects.get(subject=found.subject).act == "cancelled"
    assert GuardianRecord.objects.get().act == "found"
    erase_due_accounts(batch=1)
    times = dict(ErasureCase.objects.values_list("subject_id", "erased_at"))
    assert all(times.values())
    assert times[found.subject_id] == min(times.values())


def events() -> list[str]:
    return list(Delivery.objects.order_by("occurred_at").values_list("event", flat=True))


def test_recipients_are_told_to_stop_when_a_child_is_found_and_not_only_at_the_erasure():
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    report_child(staff=make_staff(PRIVACY_OFFICER), user=make_person())
    assert events() == ["subject.suspended"]
    erase_due_accounts()
    assert events() == ["subject.suspended", "subject.erased"]


@pytest.mark.parametrize("end", [report_for_child, delete_for_child])
def test_recipients_are_told_at_once_when_a_guardian_ends_the_account(child: Guardianship, end):
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    end(guardianship=child)
    assert events() == ["subject.suspended"]


def test_a_child_who_cancelled_is_found_too_and_erased_at_once():
    person = make_person()
    cancel_account(subject=person.subject)
    report_child(staff=make_staff(PRIVACY_OFFICER), user=person)
    case = ErasureCase.objects.get()
    assert case.deadline_at - timezone.now() < dt.timedelta(hours=24)
    assert erase_due_accounts()


def test_a_child_found_without_consent_cannot_undo_an_earlier_cancellation():
    found = make_person(phone="+4915123456799")
    case = cancel_account(subject=found.subject)
    report_child(staff=make_staff(PRIVACY_OFFICER), user=found)
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    case.refresh_from_db()
    assert case.ground == DeletionGround.WITHOUT_CONSENT
    assert case.deadline_at <= timezone.now() + dt.timedelta(hours=24)


def test_a_child_with_a_guardian_is_not_reported(child: Guardianship):
    with pytest.raises(HasGuardian):
        report_child(staff=make_staff(PRIVACY_OFFICER), user=User.objects.get(subject_id=child.subject_id))
    assert not ErasureCase.objects.exists()


def test_staff_report_a_child_on_the_page_of_a_person_and_others_cannot():
    person = make_person()
    path = f"/admin/privacy/guardianship/found/{person.subject_id}/"
    assert client_of(make_staff(AUDITOR, username="auditor")).post(path).status_code == 403
    officer = client_of(make_staff(PRIVACY_OFFICER))
    assert (
        "Suspend now, and erase within 24 hours"
        in officer.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    )
    assert officer.post(path).status_code == 302
    member = make_staff(username="admin")
    assert officer.post(f"/admin/privacy/guardianship/found/{member.subject_id}/").status_code == 404
    assert ErasureCase.objects.get().subject == person.subject
