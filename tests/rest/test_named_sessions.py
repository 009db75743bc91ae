"""An app names its session; only its owner can read the name."""

import json

import pytest
from django.test import Client

from accounts.sessions import names as session_names
from accounts.sessions.models import Session
from accounts.sessions.names import NAME_KEY, clean_session_name
from accounts.sessions.payloads import open_payload
from privacy.export.services import make_due_copies
from tests.app import App, registered
from tests.erasures import erase
from tests.factories import PASSWORD, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code

NAME = "Maria’s phone 📱"


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


def names(app: App) -> list[str]:
    return [session["name"] for session in app.get("auth/sessions").json()]


def test_a_session_has_the_name_that_its_app_gave_when_it_registered():
    assert names(registered(device_name=NAME)) == [NAME]


def test_a_session_has_the_name_that_its_app_gave_when_it_signed_in():
    person, app = make_person(), App()
    app.post("auth/sign-in", {"login": person.username, "password": PASSWORD, "device_name": NAME})
    other = App()
    other.sign_in(person.username, PASSWORD)
    assert names(other) == ["", NAME]


def test_a_session_has_the_name_that_its_app_gave_with_its_code():
    make_person(phone=INDIVIDUAL["phone"])
    app = App()
    app.post("auth/code", {"login": INDIVIDUAL["phone"]})
    app.post("auth/code/confirm", {"code": newest_code("sign_in_code"), "device_name": NAME})
    assert names(app) == [NAME]


def test_a_page_shows_the_name_beside_the_family_of_the_device(client: Client):
    person, app = make_person(), App()
    app.client = Client(headers={"user-agent": "Example/3.1 (iOS 17.4) Alamofire/5.8"})
    app.post("auth/sign-in", {"login": person.username, "password": PASSWORD, "device_name": "<b>Maria</b>"})
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    page = client.get("/settings/devices/").content.decode()
    assert "<bdi>&lt;b&gt;Maria&lt;/b&gt;</bdi>" in page
    assert "iPhone<br>" in page


def test_a_copy_has_the_name():
    app = registered(device_name=NAME)
    copy = app.post("me/copies").json()["id"]
    make_due_copies()
    assert NAME in json.dumps(app.get(f"me/copies/{copy}/document").json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Maria’s\tphone\r\n ", "Maria’s phone"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00b\x1b[31mc\ue000", "ab[31mc"),
        ("\u200b\ufeff\U000e0041", ""),
        ("\u2800", ""),
        ("my\u3164\u115f phone", "my phone"),
        ("\u200d\u200dmy phone\u200c", "my phone"),
        ("\u2764\ufe0f \u845b\U000e0100", "\u2764\ufe0f \u845b\U000e0100"),
        ("\ud800", ""),
        ("e\u0301", "é"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍💻", "👩‍💻"),
        ("手机", "手机"),
    ],
)
def test_invisible_characters_of_a_name_are_left_out(typed: str, kept: str):
    assert clean_session_name(typed) == kept


@pytest.mark.parametrize("name", ["x" * 61, "x" * 100_000, 7, None, ["x"]])
def test_an_invalid_or_too_long_name_is_refused_before_the_lookup(name):
    person = make_person()
    answer = App().post("auth/sign-in", {"login": person.username, "password": PASSWORD, "device_name": name})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["device_name"])


def test_a_session_name_is_sealed_under_the_persons_key_before_verification():
    app = App()
    app.register(device_name=NAME)
    row = Session.objects.get()
    payload = open_payload(row.session_data, row.session_key, None)
    assert payload[NAME_KEY]
    assert NAME not in json.dumps(payload, ensure_ascii=False)


def test_after_an_erasure_a_waiting_sign_in_names_no_person():
    person, app = make_person(), App()
    app.post("auth/sign-in", {"login": person.username, "password": PASSWORD, "device_name": NAME})
    row = Session.objects.get(subject=person.subject)
    payload = open_payload(row.session_data, row.session_key, person.subject_id)
    assert session_names.session_name(payload, person.subject_id) == NAME
    erase(person)
    assert session_names.session_name(payload, person.subject_id) == ""


def test_a_name_does_not_pass_to_another_person_s_session():
    first, second = make_person(), make_person()
    app = App()
    app.post("auth/sign-in", {"login": first.username, "password": PASSWORD, "device_name": NAME})
    row = Session.objects.get(subject=first.subject)
    payload = open_payload(row.session_data, row.session_key, first.subject_id)
    assert session_names.session_name(payload, second.subject_id) == ""
