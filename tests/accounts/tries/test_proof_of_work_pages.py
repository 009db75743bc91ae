"""No field of a form of ours lets its sender skip the proof of work where an SMS is sent."""

import pytest
from django.test import Client

from accounts.tries import proof_of_work
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.app import App
from tests.factories import make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import register, registration_step

pytestmark = pytest.mark.embedded

NUMBER = INDIVIDUAL["phone"]


@pytest.fixture(autouse=True)
def proof_on(settings, monkeypatch):
    settings.PROOF_OF_WORK = True
    monkeypatch.setattr(proof_of_work, "MOST_NUMBERS", 50)
    make_policy("intl")


@pytest.mark.parametrize("field", ["step", "switch_language"])
@pytest.mark.parametrize("page", ["/recover/", "/sign-in/code/"])
def test_a_field_of_registration_opens_no_other_form(client: Client, page: str, field: str):
    make_person(phone=NUMBER)
    for value in ("", "x", "you", "en"):
        assert client.post(page, {"login": NUMBER, field: value}).status_code == 403
    assert not Notice.objects.exists()


@pytest.mark.parametrize("step", ["", "x", "YOU"])
def test_a_step_that_does_not_exist_registers_no_one(client: Client, step: str):
    assert register(client, step=step).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "more", [{"switch_language": ""}, {"switch_language": "x"}, {"switch_language": "en", "at": "x"}]
)
def test_a_switch_of_language_registers_no_one(client: Client, more: dict[str, str]):
    register(client, **more)
    assert not User.objects.exists()


@pytest.mark.parametrize("end", ["@", " @x", ";@"])
def test_a_number_that_looks_like_an_address_registers_no_one(client: Client, end: str):
    register(client, phone=NUMBER + end)
    assert not User.objects.exists()


def test_pages_that_are_only_shown_need_no_proof(client: Client):
    for step in ("country", "you", "policy", "check"):
        assert registration_step(client, step).status_code == 200
    assert register(client, switch_language="zh-hans", at="check").status_code == 200


REQUEST = {
    "rights": ["question"],
    "country": "DE",
    "text": "Where are your servers?",
    "submission": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
}


@pytest.mark.parametrize("more", [{}, {"step": "you"}, {"proof_of_work": "x"}])
def test_a_request_that_is_answered_by_sms_needs_a_proof(client: Client, more: dict[str, str]):
    assert client.post("/requests/", REQUEST | {"contact": NUMBER} | more).status_code == 403
    assert not Notice.objects.exists()


def test_a_request_that_is_answered_by_email_needs_none_and_no_number_passes_as_one(client: Client):
    assert client.post("/requests/", REQUEST | {"contact": f"{NUMBER}@"}).status_code == 422
    assert client.post("/requests/", REQUEST | {"contact": NUMBER, "switch_language": "en"}).status_code == 200
    assert not Notice.objects.exists()
    assert client.post("/requests/", REQUEST | {"contact": "ada@example.com"}).status_code == 302


def test_an_app_gets_all_errors_of_a_request_with_the_challenge():
    answer = App().post("requests", {"country": "XX", "contact": {"phone": NUMBER}, "items": [{"right": "access"}]})
    assert (answer.status_code, answer.json()["code"]) == (403, "proof_of_work_required")
    assert answer.json()["errors"].keys() == {"country"}
    assert not Notice.objects.exists()
