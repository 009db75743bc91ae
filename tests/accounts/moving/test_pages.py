"""The pages and the endpoint of moving: what changes is shown first, the policy is agreed to, and then it is done."""

import re

import pytest

from accounts.profiles.models import Correction, Profile
from accounts.users.models import User
from privacy.encryption.keys import forget_keys
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.policies.models import PolicyVersion
from privacy.policies.published import forget_versions
from privacy.restriction.services import restrict_processing
from tests.app import App
from tests.factories import make_person, make_policy, make_staff
from tests.sign_in_clients import client_of, fresh_client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chinese() -> PolicyVersion:
    """The policy of the other jurisdiction."""
    return make_policy("cn")


def agreement(version: PolicyVersion, **data: str) -> dict[str, str]:
    return {"country": "CN", "policy": version.digest, "language": version.language, "agreed": "on"} | data


def test_the_page_shows_both_sides_and_leads_to_the_policy(chinese: PolicyVersion):
    browser = fresh_client_of(make_person())
    assert "Move to another country" in browser.get("/settings/").content.decode()
    assert 'name="country"' in browser.get("/settings/move/").content.decode()
    page = browser.get("/settings/move/?country=CN").content.decode()
    for said in ("Quectel Wireless Solutions", "Quectel Connectivity", "China", "Germany", "/settings/move/agree/"):
        assert said in page
    agree = browser.get("/settings/move/agree/?country=CN").content.decode()
    assert chinese.digest in agree
    assert 'name="agreed"' in agree
    assert "Where we store it" in agree  # the policy in short
    assert "checked" not in re.search(r'<input[^>]*name="agreed"[^>]*>', agree).group()
    assert 'name="birth_month"' not in agree  # 15 years in Serbia, 14 in China


def test_agreeing_moves_and_shows_a_receipt_that_says_so(chinese: PolicyVersion):
    user = make_person()
    browser = fresh_client_of(user)
    unticked = browser.post("/settings/move/agree/", agreement(chinese, agreed=""))
    assert "Tick the box if you agree" in unticked.content.decode()
    done = browser.post("/settings/move/agree/", agreement(chinese))
    case = ErasureCase.objects.get()
    assert done["Location"] == f"/receipts/{case.reference}/"
    assert "This account moves to: Mainland China." in browser.get(done["Location"]).content.decode()
    erase_due_accounts()
    said = browser.get(done["Location"]).content.decode()
    assert "This account moved to: Mainland China." in said
    assert "can keep the account" not in said
    shown = App().get(f"receipts/{case.reference}").json()
    assert (shown["moved_to"], shown["state"]) == ("cn", "erased")
    forget_keys()
    again = client_of(User.objects.get(pk=user.pk))
    assert again.get("/home/").status_code == 200
    assert "when moving to another country" in again.get("/settings/privacy/").content.decode()


def test_a_version_that_came_into_force_meanwhile_is_shown_again(chinese: PolicyVersion):
    browser = fresh_client_of(make_person())
    newer = make_policy("cn", text="More.")
    forget_versions()
    page = browser.post("/settings/move/agree/", agreement(chinese)).content.decode()
    assert "came into force while you read" in page
    assert newer.digest in page
    assert not ErasureCase.objects.exists()


def test_within_a_jurisdiction_the_country_changes_at_once():
    user = make_person()
    browser = fresh_client_of(user)
    page = browser.get("/settings/move/?country=DE").content.decode()
    assert "The same company, law and policy apply there" in page
    assert browser.post("/settings/move/?country=DE")["Location"] == "/settings/profile/"
    assert str(Profile.objects.get(subject=user.subject).country) == "DE"
    assert Correction.objects.filter(subject=user.subject, field="country").exists()


@pytest.mark.parametrize("country", ["RS", "XX", "", "<b>"])
def test_the_present_country_and_what_is_none_are_asked_again(country: str):
    page = fresh_client_of(make_person()).get("/settings/move/", {"country": country})
    assert page.status_code == 200
    assert 'name="country"' in page.content.decode()
    assert "There is a problem" in page.content.decode()


def test_a_refusal_says_what_to_do(chinese: PolicyVersion):
    user = make_person()
    restrict_processing(subject=user.subject, why="request")
    browser = fresh_client_of(user)
    page = browser.get("/settings/move/?country=CN").content.decode()
    assert "Lift the restriction, then move." in page
    assert "/settings/privacy/restriction/" in page
    assert "Read the policy and move" not in page
    assert "Lift the restriction" in browser.post("/settings/move/agree/", agreement(chinese)).content.decode()


def test_somebody_below_the_age_of_the_other_country_needs_a_guardian(settings):
    german = make_policy("intl")
    user = make_person(jurisdiction="cn")
    Profile.objects.filter(subject=user.subject)
    profile = Profile.objects.get(subject=user.subject)
    profile.country = "CN"
    profile.save()
    browser = fresh_client_of(user)
    assert 'name="birth_month"' in browser.get("/settings/move/agree/?country=DE").content.decode()
    given = agreement(german, country="DE", birth_month="5")
    young = browser.post("/settings/move/agree/", given | {"birth_year": "2012"}).content.decode()
    assert "a parent or guardian has to agree for you" in young
    assert not ErasureCase.objects.exists()
    assert browser.post("/settings/move/agree/", given | {"birth_year": "1990"}).status_code == 302
    assert ErasureCase.objects.get().moved_to == "intl"


def test_staff_have_nothing_to_move():
    browser = fresh_client_of(make_staff())
    assert browser.get("/settings/move/").status_code == 404
    assert browser.get("/settings/move/agree/?country=CN").status_code == 404


def signed_in_app() -> App:
    app = App()
    app.register(country="RS")
    app.become_verified()
    return app


def test_an_app_sees_what_changes_and_moves(chinese: PolicyVersion):
    make_policy("intl")
    app = signed_in_app()
    shown = app.get("me/move?country=CN").json()
    assert (shown["jurisdiction"], shown["refused"], shown["asks_birth_month"]) == ("cn", None, False)
    facts = {fact["key"]: fact for fact in shown["facts"]}
    assert facts["storage"]["changes"]
    assert (facts["storage"]["before"], facts["storage"]["after"]) == ("Germany", "China")
    body = {"country": "CN", "policy": chinese.digest, "language": "en", "agreed": True}
    done = app.post("me/move", body)
    assert done.status_code == 201
    assert done.json()["moved_to"] == "cn"
    assert app.get("me").status_code == 401


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"agreed": False}, 422, "invalid"),
        ({"country": "XX"}, 422, "invalid"),
        ({"country": "DE"}, 409, "move_same_jurisdiction"),
        ({"policy": "0" * 64}, 409, "policy_not_in_force"),
    ],
)
def test_an_app_is_told_why_not(chinese: PolicyVersion, change: dict, status: int, code: str):
    make_policy("intl")
    app = signed_in_app()
    body = {"country": "CN", "policy": chinese.digest, "language": "en", "agreed": True}
    if change.get("country") == "DE":
        body["policy"] = PolicyVersion.objects.get(jurisdiction="intl").digest
    answer = app.post("me/move", body | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not ErasureCase.objects.exists()
