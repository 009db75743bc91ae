"""A restricted person's data is read by no one but themselves and a legal hold, by page, REST, admin and task."""

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.inactive.queries import inactive_for
from accounts.profiles.models import Profile
from accounts.staff.people import numbers_to_compare
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.services import READS, record_access
from privacy.announcements.queries import people_left, people_to_agree
from privacy.announcements.services import announce
from privacy.consent.models import ConsentRecord
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.journal.models import JournalEntry
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR, SUPPORT
from privacy.recipients.models import Delivery
from privacy.recipients.outbox import enqueue_corrected
from privacy.recipients.queries import due_deliveries, late_deliveries
from privacy.recipients.services import register_recipient
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import ProcessingRestricted, is_restricted, readable_rows
from privacy.restriction.services import lift_restriction, restrict_processing
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState
from tests.app import registered
from tests.copies import document_of
from tests.erasures import erase, held
from tests.factories import make_person, make_policy, make_staff
from tests.privacy.rights.filing import item_of, proven
from tests.sign_in_clients import client_of


@pytest.fixture
def person() -> User:
    """A person who had the use of their data restricted."""
    person = make_person()
    restrict_processing(subject=person.subject, why="request")
    return person


def page_of(person: User, name: str = "change") -> str:
    return reverse(f"admin:accounts_user_{name}", args=[person.pk])


REASON = {"reason": "support", "reference": "TICKET-7"}


def test_a_request_restricts_at_once():
    person = make_person()
    request = proven(person, "restriction")
    carry_out_due()
    item = item_of(request, "restriction")
    assert (item.state, item.answer) == (ItemState.DONE, "restricted")
    assert is_restricted(person.subject_id)


def test_staff_find_the_person_and_cannot_open_them(person):
    staff = client_of(make_staff(SUPPORT))
    found = staff.post(reverse("admin:accounts_user_changelist"), {"who": person.username}, follow=True)
    assert "only stored" in found.content.decode()
    assert "Maria" not in found.content.decode()
    answer = staff.post(page_of(person, "open"), REASON, follow=True)
    assert "restricted: it is only stored" in answer.content.decode()
    assert "Maria" not in answer.content.decode()
    assert set(AccessRecord.objects.values_list("act", flat=True)) == {"found"}


def test_what_staff_opened_before_is_closed_at_once():
    person, staff = make_person(), client_of(make_staff(SUPPORT))
    assert "Maria" in staff.post(page_of(person, "open"), REASON, follow=True).content.decode()
    restrict_processing(subject=person.subject, why="request")
    assert "Maria" not in staff.get(page_of(person)).content.decode()
    assert staff.post(page_of(person, "correct"), REASON | {"name": "Other"}).status_code == 403


@pytest.mark.parametrize("act", sorted(READS))
def test_every_act_that_reads_asks_the_same_question(person, act):
    def reading(reason: str) -> AccessRecord:
        return record_access(subject=person.subject, staff=person.pk, role="Support", act=act, reason=reason)

    for reason in AccessRecord.Reason.values:
        with pytest.raises(ProcessingRestricted):
            reading(reason)
    held(person, "account")
    with pytest.raises(ProcessingRestricted):
        reading("support")
    assert reading("law").act == act


def test_a_legal_hold_opens_it_for_the_law(person):
    held(person, "account")
    staff = client_of(make_staff(SUPPORT))
    opened = staff.post(page_of(person, "open"), REASON | {"reason": "law"}, follow=True)
    assert "Maria" in opened.content.decode()


def test_the_person_reads_everything_by_page_rest_and_copy():
    make_policy("intl")
    app = registered("DE")
    person = User.objects.get()
    before = app.get("me").json()
    restrict_processing(subject=person.subject, why="request")
    assert app.get("me").json() == before
    assert document_of(person.subject)["records"]["restrictions"][0]["why"] == "request"
    assert client_of(person).get(reverse("profile")).status_code == 200


def test_no_message_in_bulk_is_written(person):
    other = make_person()
    version = make_policy("intl", "2099-01")
    assert list(people_to_agree(version)) == [other.subject]
    assert people_left(version) == 1
    announce()
    assert set(Notice.objects.filter(template="policy_changed").values_list("subject", flat=True)) <= {other.subject_id}
    lift_restriction(subject=person.subject, why="request", by="self")
    assert people_left(version) == 2


def test_recipients_stop_and_get_nothing_else_until_it_is_lifted(person):
    Delivery.objects.all().delete()
    lift_restriction(subject=person.subject, why="request", by="self")
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    enqueue_corrected(subject=person.subject_id, fields=["name"])
    restrict_processing(subject=person.subject, why="request")
    assert [delivery.event for delivery in due_deliveries()] == ["subject.suspended"]
    Delivery.objects.update(deadline_at=timezone.now())
    assert [delivery.event for delivery in late_deliveries()] == ["subject.suspended"]
    lift_restriction(subject=person.subject, why="request", by="self")
    assert {delivery.event for delivery in due_deliveries()} == {"subject.corrected", "subject.resumed"}
    assert list(late_deliveries()) == []


def test_an_undone_cancellation_does_not_end_it_nor_the_other_way_round(person):
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    case = cancel_account(subject=person.subject)
    undo_cancellation(case=case)
    assert "subject.resumed" not in set(Delivery.objects.values_list("event", flat=True))
    case = cancel_account(subject=person.subject)
    lift_restriction(subject=person.subject, why="request", by="self")
    assert "subject.resumed" not in set(Delivery.objects.values_list("event", flat=True))
    undo_cancellation(case=case)
    assert "subject.resumed" in set(Delivery.objects.values_list("event", flat=True))


def test_lists_that_leave_the_portal_have_no_row_of_theirs(person):
    other = make_person()
    assert set(readable_rows(Profile.objects.all()).values_list("subject_id", flat=True)) == {other.subject_id}
    # Evidence proves what the portal did, of everybody, without a name.
    assert readable_rows(ConsentRecord.objects.all()).count() == 2


def test_the_download_of_a_list_asks_for_readable_rows(person, monkeypatch):
    monkeypatch.setattr("portal.web.admin_export.readable_rows", lambda rows: rows.none())
    officer = client_of(make_staff(AUDITOR))
    listed = officer.post(reverse("admin:privacy_consentrecord_export"))
    assert str(person.subject_id) not in b"".join(listed.streaming_content).decode()


def test_no_task_uses_or_erases_an_account_that_is_only_stored(person):
    other = make_person()
    User.objects.update(created_at=timezone.now() - timezone.timedelta(days=4000))
    assert {user.pk for user in inactive_for(timezone.timedelta(0))} == {other.pk}
    assert person not in numbers_to_compare(10)


def test_a_second_reason_keeps_it_restricted(person):
    first = restrict_processing(subject=person.subject, why="dispute")
    assert restrict_processing(subject=person.subject, why="dispute") == first
    assert lift_restriction(subject=person.subject, why="request", by="self")
    assert not lift_restriction(subject=person.subject, why="request", by="self")
    assert is_restricted(person.subject_id)
    assert ProcessingRestriction.objects.count() == 2


def test_the_person_restricts_and_lifts_it_on_a_page():
    person = make_person()
    client, page = client_of(person), reverse("restriction")
    assert client.post(page).status_code == 302
    assert not is_restricted(person.subject_id)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, "password")
    request.session.save()
    assert "From now on, your data is only stored." in client.post(page, follow=True).content.decode()
    assert is_restricted(person.subject_id)
    assert "is lifted" in client.post(page, {"lift": ""}, follow=True).content.decode()
    assert not is_restricted(person.subject_id)
    assert ProcessingRestriction.objects.get().lifted_by == "self"


def test_an_app_restricts_and_lifts_it():
    make_policy("intl")
    app = registered("DE")
    assert app.get("me/restriction").json() == {"is_restricted": False, "restrictions": []}
    made = app.post("me/restriction")
    assert (made.status_code, made.json()["restrictions"][0]["why"]) == (201, "request")
    assert is_restricted(User.objects.get().subject_id)
    assert app.send("DELETE", "me/restriction").json()["is_restricted"] is False
    assert not is_restricted(User.objects.get().subject_id)


def test_staff_lift_what_the_person_asked_for_and_they_see_it(person):
    staff = client_of(make_staff(SUPPORT))
    found = ProcessingRestriction.objects.get()
    change = reverse("admin:privacy_processingrestriction_change", args=[found.pk])
    assert "Only at the person" in staff.get(change).content.decode()
    lift = reverse("admin:privacy_processingrestriction_lift", args=[found.pk])
    assert client_of(make_staff(AUDITOR, username="auditor")).post(lift).status_code == 403
    assert "is lifted" in staff.post(lift, follow=True).content.decode()
    assert "lifted already" in staff.post(lift, follow=True).content.decode()
    assert AccessRecord.objects.filter(act="lifted").count() == 1
    dispute = restrict_processing(subject=person.subject, why="dispute")
    assert staff.post(reverse("admin:privacy_processingrestriction_lift", args=[dispute.pk])).status_code == 403


def test_the_journal_knows_it_and_an_erasure_removes_it(person):
    lift_restriction(subject=person.subject, why="request", by="self")
    kinds = list(JournalEntry.objects.order_by("position").values_list("kind", flat=True))
    assert kinds == ["restricted", "unrestricted"]
    restrict_processing(subject=person.subject, why="request")
    erase(person)
    assert not ProcessingRestriction.objects.exists()
