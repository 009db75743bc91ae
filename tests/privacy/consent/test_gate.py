"""After a material change, nothing but answering it; an editorial one is announced only."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from privacy.consent.queries import latest_consent
from privacy.consent.restoring import ask_anew
from privacy.consent.services import PolicyNotInForce, switch_purpose
from privacy.policies.services import import_policy, publish_policy
from tests.factories import make_person, make_policy

GATE = "/settings/privacy/changes/"
SHUT = [
    "/home/",
    "/settings/profile/",
    "/settings/privacy/",
    "/settings/security/",
    "/settings/privacy/purposes/product_news/",
]
OPEN = [GATE, "/policies/", "/policies/intl/", "/receipts/", "/healthz"]


@pytest.fixture
def person(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", SHUT)
def test_a_material_change_shuts_every_page(client: Client, person: User, path: str):
    make_policy(text="And your shoe size.")
    assert client.get(path).headers["Location"] == GATE


@pytest.mark.parametrize("path", OPEN)
def test_what_one_needs_to_answer_stays_open(client: Client, person: User, path: str):
    make_policy(text="And your shoe size.")
    assert client.get(path).status_code == 200


def test_one_may_cancel_or_take_a_copy_instead(client: Client, person: User):
    make_policy(text="And your shoe size.")
    assert client.get("/settings/cancel/").headers["Location"].startswith("/sign-in/again/")
    assert client.get("/settings/privacy/copy/").status_code == 200


def test_the_gate_shows_what_changed_and_opens_by_agreeing(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    page = client.get(GATE).content.decode()
    assert "shoe size" in page
    client.post(GATE, {"agreed": "yes", "policy": new.digest, "language": "en"})
    consent = latest_consent(person.subject_id)
    assert (consent.act, consent.version) == ("accepted", new)
    assert client.get("/home/").status_code == 200


def test_without_the_tick_the_gate_stays_shut(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    page = client.post(GATE, {"policy": new.digest, "language": "en"}).content.decode()
    assert "Tick the box if you agree" in page
    assert client.get("/home/").status_code == 302


def test_yet_another_version_meanwhile_asks_again(client: Client, person: User):
    shown = make_policy(text="And your shoe size.")
    make_policy(text="And your hat size.")
    client.post(GATE, {"agreed": "yes", "policy": shown.digest, "language": "en"})
    assert latest_consent(person.subject_id).act == "registered"
    assert "hat size" in client.get(GATE).content.decode()


def test_an_editorial_change_is_announced_and_shuts_nothing(client: Client, person: User):
    make_policy(label="editorial-1", text="We keep promises, always.", material=False)
    page = client.get("/home/").content.decode()
    assert "The wording of our privacy policy changed: version editorial-1" in page


def test_a_scheduled_version_shuts_nothing_before_its_time(client: Client, person: User):
    draft = import_policy(
        content=b"# Policy\n\n1.1 Later.\n", file_name="p.md", jurisdiction="intl", label="later", language="en"
    )
    publish_policy(version=draft, material=True, effective_at=timezone.now() + dt.timedelta(days=3))
    assert client.get("/home/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
        assert client.get("/home/").headers["Location"] == GATE


def test_a_change_of_another_jurisdiction_concerns_nobody_here(client: Client, person: User):
    make_policy("cn", text="And your shoe size.")
    assert client.get("/home/").status_code == 200


def test_whose_answer_a_restore_lost_is_asked_anew_before_anything_else(client: Client, person: User):
    policy = latest_consent(person.subject_id).version
    lost = (uuid4(), person.subject_id, timezone.now().isoformat())
    assert [ask_anew(answers=[lost]), ask_anew(answers=[lost])] == [1, 0]
    assert client.get("/home/").headers["Location"] == GATE
    assert "Please answer once more" in client.get(GATE).content.decode()
    with pytest.raises(PolicyNotInForce):
        switch_purpose(subject=person.subject, key="product_news", on=True, channel="rest")
    client.post(GATE, {"agreed": "yes", "policy": policy.digest, "language": "en"})
    assert latest_consent(person.subject_id).act == "accepted"
    assert client.get("/home/").status_code == 200
