"""Staff find people exactly, see them masked, and open them with a reason that the person sees."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.profiles.models import Correction
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.models import ErasureCase
from tests.chains import chain_errors
from tests.factories import PASSWORD, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of
from tests.traces import traces

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
WHY = {"reason": "request", "reference": "T-1042"}


@pytest.fixture
def officer() -> Client:
    return client_of(make_staff("Privacy officer"))


@pytest.fixture
def person() -> User:
    return make_person(phone="+381641112233")


def at(person: User, act: str = "change") -> str:
    return f"/admin/accounts/user/{person.pk}/{act}/"


def find(client: Client, who: str) -> str:
    return client.post("/admin/accounts/user/", {"who": who}, follow=True).content.decode()


def test_people_are_found_by_what_they_give_exactly(officer, person):
    for who in (person.username, person.username.upper(), "+381 64 111 22 33", str(person.subject_id)):
        assert str(person.subject_id) in find(officer, who), who
    for who in (person.username[:-1], "+38164", "Maria", "", "%", str(person.subject_id)[:8]):
        page = find(officer, who)
        assert str(person.subject_id) not in page, who
    assert "No exact match" in find(officer, "nobody")


def test_a_person_is_masked_until_opened_with_a_reason(officer, person):
    page = officer.get(at(person)).content.decode()
    assert "Maria" not in page
    assert "+381641112233" not in page
    assert person.username not in page
    assert officer.post(at(person, "open"), {"reason": ""}).status_code == 200
    assert not AccessRecord.objects.exclude(act="found").exists()
    page = officer.post(at(person, "open"), WHY, follow=True).content.decode()
    assert "Maria Petrović" in page
    assert "+381641112233" in page
    record = AccessRecord.objects.exclude(act="found").get()
    assert (record.subject_id, record.act, record.role, record.reference) == (
        person.subject_id, "opened", "Privacy officer", "T-1042",
    )  # fmt: skip


def test_an_opening_ends_after_fifteen_minutes(officer, person):
    officer.post(at(person, "open"), WHY)
    assert "Maria" in officer.get(at(person)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=901)):
        assert "Maria" not in officer.get(at(person)).content.decode()


def test_opening_one_person_opens_no_other(officer, person):
    other = make_person(phone="+381641112244")
    officer.post(at(person, "open"), WHY)
    assert "Maria" not in officer.get(at(other)).content.decode()


def test_a_reference_cannot_be_a_name(officer, person):
    officer.post(at(person, "open"), {"reason": "request", "reference": "Maria Petrović"})
    assert not AccessRecord.objects.exclude(act="found").exists()


def test_the_person_sees_who_looked(officer, person):
    officer.post(at(person, "open"), WHY)
    client = Client()
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    page = client.get("/settings/privacy/access/").content.decode()
    for text in ("Viewed the data", "Privacy officer", "At your request", "T-1042"):
        assert text in page


def test_accesses_are_a_chain_that_nothing_changes(officer, person):
    for _ in range(3):
        officer.post(at(person, "open"), WHY)
    assert list(chain_errors(AccessRecord)) == []
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_accessrecord SET reason = 'law'")


def test_staff_correct_on_request_through_the_same_service(officer, person):
    values = {"name": "Marija Petrović", "username": person.username, "country": "RS"}
    assert officer.post(at(person, "correct"), values | WHY).status_code == 403
    officer.post(at(person, "open"), WHY)
    officer.post(at(person, "correct"), values | WHY)
    assert (Correction.objects.get().field, Correction.objects.get().by) == ("name", "staff")
    assert AccessRecord.objects.order_by("-position").first().act == "corrected"
    kept = officer.post(at(person, "correct"), values | {"name": ""} | WHY).content.decode()
    assert "required" in kept


def test_staff_cancel_on_a_verified_request_and_name_the_ground(officer, person):
    form = WHY | {"ground": "6.3.2"}
    officer.post(at(person, "cancel"), form)
    officer.post(at(person, "cancel"), form | {"ground": "6.4", "identity_verified": "on"})
    assert not ErasureCase.objects.exists()
    officer.post(at(person, "cancel"), form | {"identity_verified": "on"})
    assert ErasureCase.objects.get().ground == "6.3.2"
    assert AccessRecord.objects.exclude(act="found").get().act == "cancelled"


def test_a_plain_wish_of_the_person_is_a_ground(officer, person):
    assert '<option value="7">' in officer.get(at(person)).content.decode()
    officer.post(at(person, "cancel"), WHY | {"ground": "7", "identity_verified": "on"})
    case = ErasureCase.objects.get()
    assert (case.ground, case.state) == ("7", "cooling_off")
    assert AccessRecord.objects.exclude(act="found").get().act == "cancelled"
    assert LogEntry.objects.get().change_message == "cancelled on ground 7"


def test_a_cancellation_by_staff_is_notified_in_the_persons_language(officer):
    make_policy("intl", language="zh-hans")
    person = make_person()
    officer.post(at(person, "cancel"), WHY | {"ground": "7", "identity_verified": "on"})
    assert ErasureCase.objects.get().language == "zh-hans"


def test_staff_end_sessions(officer, person):
    client = Client()
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    officer.post(at(person, "end-sessions"), WHY)
    assert not Session.objects.filter(subject_id=person.subject_id).exists()
    assert client.get("/home/").status_code == 302


def test_no_value_stays_in_the_admin_log_or_a_session(officer, person):
    find(officer, "+381641112233")
    officer.post(at(person, "open"), WHY)
    officer.post(at(person, "correct"), {"name": "Marija Petrović", "username": person.username, "country": "RS"} | WHY)
    log = json.dumps([[entry.object_repr, entry.change_message, entry.object_id] for entry in LogEntry.objects.all()])
    sessions = "".join(Session.objects.values_list("session_data", flat=True))
    assert "corrected: name" in log
    values = ["Maria Petrović", "Marija Petrović", person.username, "+381641112233"]
    assert traces([("log", log.encode()), ("sessions", sessions.encode())], values) == []
