"""After a material change, a person can only answer it; an editorial change is only announced."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.consent.queries import has_unanswered_changes, latest_consent, purposes_in_force
from privacy.consent.replay import ask_for_consent_again
from privacy.consent.services import PolicyNotInForce, accept_version, switch_purpose
from privacy.policies import published as published_versions
from privacy.policies.services import import_policy, publish_policy
from privacy.subjects.models import DataSubject
from tests.app import App
from tests.factories import PASSWORD, make_person, make_policy, make_user

GATE = "/settings/privacy/changes/"
SHUT = ["/home/", "/settings/security/phone/"]
OPEN = [
    *(GATE, "/policies/", "/policies/intl/", "/receipts/", "/healthz"),
    *(
        "/settings/profile/",
        "/settings/privacy/",
        "/settings/privacy/purposes/product_news/",
        "/settings/privacy/access/",
    ),
    *("/settings/security/", "/settings/security/events/"),
]


@pytest.fixture
def person(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", SHUT)
def test_a_material_change_closes_what_uses_the_account(client: Client, person: User, path: str):
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


def test_a_request_of_a_person_with_nothing_to_answer_needs_no_query(client: Client, person: User, monkeypatch):
    """The gate checks every request: the data loaded with the session is enough."""
    monkeypatch.setattr(published_versions, "REMEMBERED_SECONDS", 3600.0)
    client.get("/settings/security/phone/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/settings/security/phone/")
    assert not any("privacy_policyversion" in query["sql"] for query in asked)
    subject = DataSubject.objects.get(pk=person.subject_id)
    subject.accepted_version = latest_consent(subject.pk).version_id
    with CaptureQueriesContext(connection) as asked:
        assert not has_unanswered_changes(subject)
    assert len(asked) == 0
    subject.accepted_version = None
    assert not has_unanswered_changes(subject)


def test_a_person_without_what_came_with_the_session_is_asked_about(person: User):
    subject = DataSubject.objects.get(pk=person.subject_id)
    assert not has_unanswered_changes(subject)
    make_policy(text="And your shoe size.")
    make_person()
    assert has_unanswered_changes(subject)


def test_an_app_learns_which_text_waits_and_where_its_changes_are(person: User):
    accepted = latest_consent(person.subject_id).version
    app = App()
    app.sign_in(person.username, PASSWORD)
    new = make_policy(label="3", text="And your shoe size.")
    problem = app.send("PATCH", "me", {"company_name": "Example"}).json()
    assert (problem["code"], problem["version"], problem["language"]) == ("consent_required", "3", "en")
    assert problem["digest"] == new.digest
    assert problem["changes"] == f"/api/v1/policies/intl/3/changes?since={accepted.label}"


def test_the_gate_shows_what_changed_and_opens_by_agreeing(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    page = client.get(GATE).content.decode()
    assert "shoe size" in page
    assert "Tick the box" not in page
    assert "You can cancel" not in page  # that clause did not change
    assert f"on {date_format(latest_consent(person.subject_id).at)}." in page
    assert all(part in page for part in (f'value="{new.digest}"', f"Version {new.label} is now in force"))
    answer = client.post(GATE, {"agreed": "yes", "policy": new.digest, "language": "en"}, follow=True)
    assert answer.redirect_chain == [("/settings/privacy/", 302)]
    assert "Thank you. Your receipt is below." in answer.content.decode()
    consent = latest_consent(person.subject_id)
    assert (consent.act, consent.version) == ("accepted", new)
    assert client.get("/home/").status_code == 200


def test_without_the_tick_the_gate_stays_closed(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    page = client.post(GATE, {"policy": new.digest, "language": "en"}).content.decode()
    assert "Tick the box if you agree" in page
    assert client.get("/home/").status_code == 302


def test_yet_another_version_meanwhile_asks_again(client: Client, person: User):
    shown = make_policy(text="And your shoe size.")
    make_policy(text="And your hat size.")
    answer = client.post(GATE, {"agreed": "yes", "policy": shown.digest, "language": "en"})
    assert "A newer version has come into force" in answer.content.decode()
    assert "Tick the box" not in answer.content.decode()
    assert latest_consent(person.subject_id).act == "registered"
    assert "hat size" in client.get(GATE).content.decode()


@pytest.mark.parametrize("sent", [{}, {"policy": "", "language": ""}, {"policy": "0" * 64, "language": "xx"}])
def test_agreeing_to_a_text_that_was_not_shown_agrees_to_nothing(client: Client, person: User, sent: dict):
    make_policy(text="And your shoe size.")
    assert client.post(GATE, {"agreed": "yes"} | sent).status_code == 200
    assert latest_consent(person.subject_id).act == "registered"


@pytest.mark.parametrize("has_agreed", [True, False], ids=["answered", "never agreed to anything"])
def test_without_anything_to_answer_there_is_no_gate(client: Client, has_agreed: bool):
    user = make_person() if has_agreed else make_user()
    if not has_agreed:
        make_policy()
    client.force_login(user)
    assert client.get(GATE).headers["Location"] == "/settings/privacy/"
    assert client.get("/home/").status_code == 200


def test_the_gate_shows_the_person_s_own_agreements_only(client: Client, person: User):
    accepted = latest_consent(person.subject_id).version
    make_policy(text="And your shoe size.")
    make_person()
    assert f"You agreed to version {accepted.label} on" in client.get(GATE).content.decode()


@pytest.mark.parametrize("kept", [[], ["product_news"], ["user_experience"]])
def test_the_gate_asks_for_each_optional_purpose_and_carries_none_over(client: Client, person: User, kept: list[str]):
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    new = make_policy(text="And your shoe size.")
    page = client.get(GATE).content.decode()
    assert "Product news: To write to you about new products and events. (currently on)" in page
    assert page.count("(currently on)") == 1
    assert " checked" not in page
    client.post(GATE, {"agreed": "yes", "policy": new.digest, "language": "en", "purposes": kept})
    assert purposes_in_force(person.subject_id) == kept
    assert latest_consent(person.subject_id).withdrawn == ([] if kept == ["product_news"] else ["product_news"])


def test_what_was_ticked_at_the_gate_stays_ticked_without_the_agreement(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    page = client.post(GATE, {"policy": new.digest, "language": "en", "purposes": "product_news"}).content.decode()
    assert page.count(" checked") == 1
    assert latest_consent(person.subject_id).act == "registered"


def test_a_purpose_that_has_no_switch_is_refused_at_the_gate(client: Client, person: User):
    new = make_policy(text="And your shoe size.")
    sent = {"agreed": "yes", "policy": new.digest, "language": "en", "purposes": ["security"]}
    assert client.post(GATE, sent).status_code == 200
    assert latest_consent(person.subject_id).act == "registered"


def test_data_can_be_seen_and_not_changed_at_the_gate(client: Client, person: User):
    make_policy(text="And your shoe size.")
    assert "Maria Petrovi" in client.get("/settings/profile/").content.decode()
    assert client.post("/settings/profile/", {"name": "Another"}).headers["Location"] == GATE
    assert Profile.objects.get(subject_id=person.subject_id).name == "Maria Petrović"


def test_pages_that_stay_open_say_that_an_answer_waits(client: Client, person: User):
    words = "need your answer"
    assert words not in client.get("/settings/profile/").content.decode()
    make_policy(text="And your shoe size.")
    for path in ("/settings/profile/", "/settings/security/", "/settings/privacy/"):
        assert words in client.get(path).content.decode()


def test_a_purpose_can_be_withdrawn_at_the_gate(client: Client, person: User):
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    make_policy(text="And your shoe size.")
    client.post("/settings/privacy/purposes/product_news/", {"on": "no"})
    assert purposes_in_force(person.subject_id) == []


@pytest.mark.parametrize("asked_anew", [True, False])
def test_no_purpose_is_switched_on_before_the_gate_is_answered(client: Client, person: User, asked_anew: bool):
    if asked_anew:
        ask_for_consent_again(answers=[(uuid4(), person.subject_id, timezone.now().isoformat())])
    else:
        make_policy(text="And your shoe size.")
    before = latest_consent(person.subject_id).pk
    answer = client.post("/settings/privacy/purposes/product_news/", {"on": "yes"})
    assert answer.headers["Location"] == GATE
    with pytest.raises(PolicyNotInForce):
        switch_purpose(subject=person.subject, key="product_news", on=True, channel="rest")
    assert latest_consent(person.subject_id).pk == before


def test_the_last_answer_at_the_gate_counts(person: User):
    new = make_policy(text="And your shoe size.")
    answer = {"subject": person.subject, "digest": new.digest, "language": "en", "channel": "web"}
    accept_version(purposes=["product_news"], **answer)
    last = accept_version(purposes=[], **answer)
    assert (last.act, last.withdrawn, purposes_in_force(person.subject_id)) == ("accepted", ["product_news"], [])
    assert accept_version(purposes=[], **answer) == last


def test_the_password_can_be_changed_at_the_gate(client: Client, person: User):
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    make_policy(text="And your shoe size.")
    new = "Granite-Willow-Basket-72"
    answer = client.post("/settings/security/password/", {"current": PASSWORD, "password": new})
    assert answer.headers["Location"] == "/settings/security/"
    person.refresh_from_db()
    assert person.check_password(new)


def test_an_editorial_change_is_announced_and_closes_nothing(client: Client, person: User):
    make_policy(label="editorial-1", text="We keep promises, always.", material=False)
    page = client.get("/home/").content.decode()
    assert "The wording of our privacy policy changed: version editorial-1" in page


def test_a_material_change_is_never_called_one_of_the_wording(client: Client, person: User):
    make_policy(label="material-1", text="And your shoe size.")
    page = client.get("/settings/privacy/").content.decode()
    assert "We need your answer" in page
    assert "The wording of our privacy policy changed" not in page


def test_a_scheduled_version_closes_nothing_before_its_time(client: Client, person: User):
    draft = import_policy(
        content=b"# Policy\n\n1.1 Later.\n", file_name="p.md", jurisdiction="intl", label="later", language="en"
    )
    publish_policy(version=draft, material=True, effective_at=timezone.now() + dt.timedelta(days=3))
    assert client.get("/home/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
        assert client.get("/home/").headers["Location"] == GATE


def test_a_change_in_another_jurisdiction_does_not_close_the_gate(client: Client, person: User):
    make_policy("cn", text="And your shoe size.")
    assert client.get("/home/").status_code == 200


def test_a_person_whose_answer_a_restore_lost_is_asked_again_first(client: Client, person: User):
    policy = latest_consent(person.subject_id).version
    lost = (uuid4(), person.subject_id, timezone.now().isoformat())
    assert [ask_for_consent_again(answers=[lost]), ask_for_consent_again(answers=[lost])] == [1, 0]
    assert client.get("/home/").headers["Location"] == GATE
    assert "Please answer again" in client.get(GATE).content.decode()
    with pytest.raises(PolicyNotInForce):
        switch_purpose(subject=person.subject, key="product_news", on=True, channel="rest")
    client.post(GATE, {"agreed": "yes", "policy": policy.digest, "language": "en"})
    assert latest_consent(person.subject_id).act == "accepted"
    assert client.get("/home/").status_code == 200
