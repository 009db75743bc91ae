"""A person sees where they are signed in, ends sessions at once, and reads what happened."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.security_events.devices import device_of
from accounts.security_events.failed_sign_ins import count_all_failed_sign_ins
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.models import Session
from accounts.users.models import User
from tests.factories import PASSWORD, make_person

CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile/15E Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131 Safari/537 Edg/131"


@pytest.fixture
def person() -> User:
    return make_person()


def browser(person: User, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    return client


@pytest.fixture
def phone(person: User) -> Client:
    return browser(person, CHROME)


@pytest.fixture
def laptop(person: User) -> Client:
    return browser(person, FIREFOX)


def sessions(client: Client):
    return [device.session for device in client.get("/settings/devices/").context["signed_in"]]


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (CHROME, "Chrome on Android"),
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_a_family_only(rf, agent: str, family: str):
    assert device_of(rf.get("/", headers={"user-agent": agent})) == family


def test_sessions_are_listed_with_this_one_first(phone: Client, laptop: Client):
    assert [(s.device, s.is_this) for s in sessions(phone)] == [
        ("Chrome on Android", True),
        ("Firefox on Linux", False),
    ]
    assert [(s.device, s.is_this) for s in sessions(laptop)] == [
        ("Firefox on Linux", True),
        ("Chrome on Android", False),
    ]
    page = phone.get("/settings/devices/").content.decode()
    assert "this device" in page
    assert laptop.session.session_key not in page


def test_the_browsers_own_text_is_kept_nowhere(phone: Client, person: User):
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_session")
        kept = str(cursor.fetchall())
    assert "Android" not in kept
    assert b"Android".hex() not in kept
    assert "Pixel" not in str([Session.objects.get().get_decoded(), *SecurityEvent.objects.values()])


def test_one_session_ends_at_once(phone: Client, laptop: Client):
    handle = next(s.handle for s in sessions(phone) if not s.is_this)
    phone.post("/settings/security/sessions/end/", {"which": handle})
    assert laptop.get("/home/").status_code == 302
    assert phone.get("/home/").status_code == 200
    assert SecurityEvent.objects.filter(kind="session_ended").count() == 1


def test_all_others_end_at_once(phone: Client, laptop: Client, person: User):
    tablet = browser(person, SAFARI)
    phone.post("/settings/security/sessions/end/", {"which": "others"})
    assert [client.get("/home/").status_code for client in (phone, laptop, tablet)] == [200, 302, 302]


def test_all_end_at_once(phone: Client, laptop: Client):
    phone.post("/settings/security/sessions/end/", {"which": "all"})
    assert [client.get("/home/").status_code for client in (phone, laptop)] == [302, 302]
    assert SecurityEvent.objects.filter(kind="sessions_ended").count() == 1


def test_a_session_of_another_person_cannot_be_ended(phone: Client):
    other = browser(make_person(), FIREFOX)
    handle = sessions(other)[0].handle
    phone.post("/settings/security/sessions/end/", {"which": handle})
    assert other.get("/home/").status_code == 200


def test_ending_takes_a_form(phone: Client):
    assert phone.get("/settings/security/sessions/end/").status_code == 405


def test_the_last_use_is_noted_every_few_minutes_only(phone: Client):
    first = sessions(phone)[0].last_used_at
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        phone.get("/home/")
        assert sessions(phone)[0].last_used_at == first
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        phone.get("/home/")
        assert sessions(phone)[0].last_used_at > first


def test_events_are_listed_newest_first_in_pages(phone: Client, person: User):
    Client().post("/sign-in/", {"login": person.username, "password": "wrong"})
    count_all_failed_sign_ins()
    for _ in range(50):
        record_event(person.subject_id, SecurityEvent.Kind.PASSKEY_ADDED)
    first = phone.get("/settings/security/events/").content.decode()
    assert first.count("Passkey added") == 50
    assert "Signed in" not in first
    second = phone.get("/settings/security/events/?page=2").content.decode()
    assert "Chrome on Android" in second
    assert second.index("Failed sign-in") < second.index("Signed in")


def test_events_of_another_person_are_not_shown(phone: Client):
    record_event(make_person().subject_id, SecurityEvent.Kind.PASSKEY_REMOVED)
    assert "Passkey removed" not in phone.get("/settings/security/events/").content.decode()
