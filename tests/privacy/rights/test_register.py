"""The queue is the register of requests: found by a reference or a person, and downloaded without names."""

import csv
import io

import pytest
from django.urls import reverse

from privacy.access.models import AccessRecord, ListExport
from privacy.operations.roles import AUDITOR
from privacy.rights.answering.answers import send_answer
from privacy.rights.models.requests import RequestMessage
from tests.factories import make_person, make_staff
from tests.privacy.rights.in_admin import QUEUE, filed, officer, page, proven, read
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def rows_of(user) -> list[dict[str, str]]:
    answer = client_of(user).post(f"{QUEUE}export/?closed=all")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "ada@example.com" not in text
    assert "My words" not in text
    return list(csv.DictReader(io.StringIO(text)))


def test_an_auditor_downloads_it_without_names_and_that_is_recorded():
    person = make_person()
    request = proven("access", "question", subject=person.subject)
    [row] = rows_of(make_staff(AUDITOR, username="auditor"))
    assert row["reference"] == request.reference
    assert row["asked for"] == "Access; Question"
    assert row["in time"] == "yes"
    assert str(person.subject.pk) not in str(row)
    assert ListExport.objects.get().listed == "privacy.rightsrequest"


def test_one_is_found_by_its_reference_or_its_person_which_the_person_sees():
    person, member = make_person(), officer()
    request, other = proven("access", subject=person.subject), filed("question")
    for text in (request.reference, str(person.subject.pk)):
        shown = read(member, f"{QUEUE}?q={text}")
        assert request.reference in shown
        assert other.reference not in shown
    assert set(AccessRecord.objects.values_list("act", "subject")) == {("found", person.subject.pk)}
    assert other.reference in read(member, f"{QUEUE}?q={other.reference}")
    assert request.reference not in read(member, f"{QUEUE}?q=ada@example.com")


def test_what_was_not_delivered_is_found_from_the_first_page():
    failed, other = filed("question"), filed("question")
    answer = send_answer(request=failed, text="Yes.", by=officer("ada").pk, role="Support")
    RequestMessage.objects.filter(pk=answer.pk).update(failed_at=answer.at)
    shown = read(officer("bo"), f"{QUEUE}?needs=undelivered&closed=all")
    assert failed.reference in shown
    assert other.reference not in shown


def test_the_page_of_a_person_lists_their_requests():
    person, member = make_person(), officer()
    request, other = proven("access", subject=person.subject), filed("question")
    shown = read(member, reverse("admin:accounts_user_change", args=[person.pk]))
    assert page(request) in shown
    assert other.reference not in shown
