"""The page of a person: its parts by role, the ways to and from records, and how often it asks the database."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.services import record_access
from privacy.consent.models import ConsentRecord
from privacy.holds.models import LegalHold
from privacy.holds.services import ask_for_hold
from privacy.journal import maintenance
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.operations.roles import ROLES
from tests.erasures import erase
from tests.factories import PASSWORD, agree, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PARTS = ["consent", "sessions", "requests", "cancellations", "guardians", "enterprise", "holds", "accesses", "messages"]
SEEN = {
    "Privacy officer": PARTS,
    "Support": ["sessions", "requests", "messages"],
    "Reviewer": ["licences"],
    "Auditor": None,
    "Policy operator": None,
}


@pytest.fixture
def person() -> User:
    make_policy("intl")
    return make_person(phone="+381641112233")


@pytest.fixture
def officer() -> Client:
    return client_of(make_staff("Privacy officer"))


def at(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/change/"


def hold(person: User) -> LegalHold:
    return ask_for_hold(
        subject=person.subject, exception="1.7.3", legal_basis="Order 12/2026", classes=["contact"],
        until=timezone.now() + dt.timedelta(days=30), by=uuid4(),
    )  # fmt: skip


def fill(person: User, times: int) -> None:
    """Let everything happen to a person so many times."""
    for _ in range(times):
        hold(person)
        record_access(subject=person.subject, staff=uuid4(), role="Support", act="opened", reason="law")
        agree(person.subject, make_policy("intl"))
        notice = {"subject": person.subject, "channel": "email", "address": "a@example.com", "language": "en"}
        send_notice(**notice, template="copy_ready", context={"until": timezone.now().isoformat()}, about=str(uuid4()))
        Client().post("/sign-in/", {"login": person.username, "password": PASSWORD})


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_parts_only(person: User, role: str):
    answer = client_of(make_staff(role)).get(at(person))
    if SEEN[role] is None:
        assert answer.status_code == 403
    else:
        page = answer.content.decode()
        assert [part for part in ("licences", *PARTS) if f'id="{part}"' in page] == SEEN[role]
        assert re.findall(r'href="#(\w+)"', page.split('class="person"')[0])[1:] == [
            *SEEN[role], *(["acts"] if role != "Reviewer" else [])
        ]  # fmt: skip


def test_a_page_shows_what_happened_and_nothing_of_another_person(officer: Client, person: User):
    other = make_person()
    fill(person, 1)
    other_hold = hold(other)
    page = officer.get(at(person)).content.decode()
    assert f"/admin/privacy/legalhold/{LegalHold.objects.get(subject=person.subject).pk}/change/" in page
    assert str(other_hold.pk) not in page
    assert "Viewed the data" in page
    assert "Agreed at registration" in page
    assert "Waiting" in page
    assert "+381641112233" not in page
    assert "a@example.com" not in page
    assert f"/admin/privacy/legalhold/add/?subject={person.subject_id}" in page


def test_a_long_history_costs_no_more_queries_and_shows_its_newest_rows(
    officer: Client, person: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(maintenance, "SECONDS", 3600.0)  # the journal is compared once, however slow the machine is

    def asked() -> tuple[int, int]:
        officer.get(at(person))
        with CaptureQueriesContext(connection) as data, CaptureQueriesContext(connections["keys"]) as keys:
            officer.get(at(person))
        return len(data), len(keys)

    fill(person, 1)
    few = asked()
    fill(person, 12)
    assert asked() == few
    page = officer.get(at(person)).content.decode()
    assert page.count("Viewed the data") == 10
    assert f"/admin/privacy/accessrecord/?q={person.subject_id}" in page


@pytest.mark.parametrize("name", ["legalhold", "consentrecord", "accessrecord"])
def test_a_record_leads_to_its_person_and_back(officer: Client, person: User, name: str):
    fill(person, 1)
    record = {"legalhold": LegalHold, "consentrecord": ConsentRecord, "accessrecord": AccessRecord}[name]
    page = f"/admin/privacy/{name}/{record.objects.filter(subject=person.subject).first().pk}/change/"
    way = f"/admin/accounts/user/subject/{person.subject_id}/"
    assert way in officer.get(page).content.decode()
    answer = officer.get(way)
    assert answer.headers["Location"] == at(person)
    assert page in officer.get(at(person)).content.decode()


def test_the_way_from_a_record_is_recorded_like_a_search(officer: Client, person: User):
    officer.get(f"/admin/accounts/user/subject/{person.subject_id}/")
    access = AccessRecord.objects.get()
    assert (access.subject_id, access.act, access.reason) == (person.subject_id, "found", "search")


def test_an_erased_person_has_no_page_and_the_way_says_so(officer: Client, person: User):
    number = person.subject_id
    erase(person)
    page = officer.get(f"/admin/accounts/user/subject/{number}/", follow=True)
    assert "This person no longer has an account." in page.content.decode()


def test_auditors_have_no_way_to_people(person: User):
    auditor = client_of(make_staff("Auditor"))
    record = ConsentRecord.objects.first()
    assert "/user/subject/" not in auditor.get(f"/admin/privacy/consentrecord/{record.pk}/change/").content.decode()
    assert auditor.get(f"/admin/accounts/user/subject/{person.subject_id}/").status_code == 403


def test_messages_are_shown_without_address_and_text(officer: Client, person: User):
    fill(person, 1)
    assert Notice.objects.get(template="copy_ready").address
    page = officer.get(at(person)).content.decode()
    assert "E-mail" in page
    assert "example.com" not in page
