"""Staff find requests by due time, take them, and read what was written, which the person sees."""

import datetime as dt
import re

import pytest
from django.db.models import F

from privacy.access.models import AccessRecord
from privacy.operations.roles import AUDITOR, REVIEWER, SUPPORT
from privacy.rights.models.requests import RequestMessage, RightsRequest
from tests.factories import make_person, make_staff
from tests.privacy.rights.in_admin import QUEUE, filed, officer, page, proven, read, with_staff
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def be_late(request: RightsRequest) -> None:
    RightsRequest.objects.filter(pk=request.pk).update(due_at=F("received_at") - dt.timedelta(hours=1))


def test_the_queue_lists_the_open_requests_by_due_time():
    first, second, closed = filed("access"), filed("question"), filed("complaint")
    be_late(second)
    RightsRequest.objects.filter(pk=closed.pk).update(closed_at=closed.received_at)
    shown = read(officer(), QUEUE)
    assert shown.index(second.reference) < shown.index(first.reference)
    assert closed.reference not in shown
    assert "ada@example.com" not in shown
    assert "<strong>overdue</strong>" in shown


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("whose=mine", {"mine"}),
        ("whose=none", {"late", "cn"}),
        ("needs=late", {"late"}),
        ("right=access", {"late"}),
        ("state=with_staff", {"mine"}),
        ("jurisdiction=cn", {"cn"}),
        ("closed=yes", set()),
    ],
)
def test_filters_narrow_it(chosen: str, expected: set[str], settings):
    member = officer()
    requests = {"mine": filed("question"), "late": filed("access"), "cn": filed("deletion", country="CN")}
    be_late(requests["late"])
    RightsRequest.objects.filter(pk=requests["mine"].pk).update(assigned_to=member.pk)
    shown = read(member, f"{QUEUE}?{chosen}")
    assert {name for name, request in requests.items() if request.reference in shown} == expected


def test_reading_the_words_of_a_person_is_recorded_once_and_the_person_sees_the_role():
    person, member = make_person(), officer()
    request = proven("correction", subject=person.subject)
    assert "My words on correction" in read(member, page(request))
    read(member, page(request))
    record = AccessRecord.objects.get()
    assert (record.act, record.subject, record.staff) == ("read_request", person.subject, member.pk)
    assert (record.role, record.reference) == ("Privacy officer", request.reference)


def test_an_auditor_sees_the_register_and_the_steps_without_words():
    person, auditor = make_person(), make_staff(AUDITOR, username="auditor")
    request = proven("correction", subject=person.subject)
    assert request.reference in read(auditor, QUEUE)
    shown = read(auditor, page(request))
    assert "My words" not in shown
    assert "ada@example.com" not in shown
    assert "Identity confirmed" in shown
    assert not AccessRecord.objects.exists()
    assert client_of(auditor).post(page(request, "take")).status_code == 403


def test_a_reviewer_sees_nothing():
    request = filed("access")
    client = client_of(make_staff(REVIEWER))
    assert client.get(QUEUE).status_code == 403
    assert client.get(page(request)).status_code == 403


def test_a_request_is_taken_given_and_given_back():
    request, ada, bo = filed("access"), officer("ada"), make_staff(SUPPORT, username="bo")
    client = client_of(ada)
    client.post(page(request, "take"), {"seen": ""})
    request.refresh_from_db()
    assert request.assigned_to == ada.pk
    client.post(page(request, "give"), {"seen": str(ada.pk), "to": str(bo.pk)})
    request.refresh_from_db()
    assert request.assigned_to == bo.pk
    client_of(bo).post(page(request, "give-back"), {"seen": str(bo.pk)})
    request.refresh_from_db()
    assert request.assigned_to is None


def test_who_takes_what_another_took_meanwhile_is_told():
    request, ada, bo = filed("access"), officer("ada"), make_staff(SUPPORT, username="bo")
    client_of(ada).post(page(request, "take"), {"seen": ""})
    said = client_of(bo).post(page(request, "take"), {"seen": ""}, follow=True).content.decode()
    assert "was assigned to ada meanwhile" in said
    request.refresh_from_db()
    assert request.assigned_to == ada.pk


def test_no_one_gets_a_request_who_may_not_work_on_it():
    request, auditor = filed("access"), make_staff(AUDITOR, username="auditor")
    client = client_of(officer())
    said = client.post(page(request, "give"), {"seen": "", "to": str(auditor.pk)}, follow=True).content.decode()
    assert "cannot work on requests" in said
    request.refresh_from_db()
    assert request.assigned_to is None


def test_the_first_page_says_what_is_mine_and_what_is_of_no_one():
    member = officer()
    assert "Requests assigned to no one" not in read(member, "/admin/")
    mine, _free = filed("access"), filed("access")
    RightsRequest.objects.filter(pk=mine.pk).update(assigned_to=member.pk)
    shown = read(member, "/admin/")
    assert "Requests that you work on" in shown
    assert "Requests assigned to no one" in shown
    assert "whose=mine" in shown


def test_a_note_is_for_staff_and_no_part_of_what_the_person_gets():
    request = filed("question")
    client = client_of(officer())
    client.post(page(request, "note"), {"text": "Ask the archive."})
    assert "Ask the archive." in client.get(page(request)).content.decode()
    assert RequestMessage.objects.get().kind == "note"


def test_the_page_offers_the_moves_of_the_table_and_no_other():
    member = officer()
    request = filed("correction")
    shown = read(member, page(request))
    assert "Deal with it ourselves" in shown
    assert "Let the portal carry it out" not in shown
    # Without proof staff can refuse, and hand out nothing.
    with_staff(request)
    shown = read(member, page(request))
    assert "Answer: refused" in shown
    assert "Answer: done" not in shown


def test_no_one_changes_or_deletes_a_request_by_hand():
    request = filed("question")
    client = client_of(make_staff(username="root"))
    assert client.post(f"{QUEUE}{request.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(page(request), {"reference": "X"})
    request.refresh_from_db()
    assert request.reference != "X"


def test_the_queue_says_what_is_due_first_and_speaks_to_staff():
    filed("access", "question")
    shown = read(officer(), f"{QUEUE}?about=self")
    columns = re.findall(r'class="[^"]*column-(\w+)', shown)
    assert columns[:2] == ["reference", "due"]
    assert "Waits for proof of identity; With staff" in shown
    for to_the_person in ("please confirm", "About me", "See my data"):
        assert to_the_person not in shown


def test_a_report_of_a_child_is_about_the_child():
    report, mixed = filed("child"), filed("child", "access")
    assert "About the child who is reported" in read(officer(), page(report))
    assert ">About the person who wrote" not in read(officer("bo"), page(report))
    assert "About the person who wrote" in read(officer("cy"), page(mixed))
