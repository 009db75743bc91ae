"""Registration asks for month and year of birth before anything else, and applies the age of the person's country."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.users.models import User
from privacy.encryption.models import DataKey
from privacy.guardians.forms import read_age
from privacy.subjects.models import DataSubject
from tests.app import App
from tests.factories import make_policy
from tests.sign_in_clients import registration_step, shown_text

pytestmark = pytest.mark.embedded

AGES = {"FR": 15, "RS": 15, "CN": 14, "DE": 16, "SI": 16, "IS": 16, "GB": 13}
FIRST = '<fieldset class="field" id="id_birth"'


@pytest.fixture(autouse=True)
def _policies():
    for jurisdiction in ("cn", "intl"):
        make_policy(jurisdiction, label="1")
        make_policy(jurisdiction, label="1", language="zh-hans", text="全文。")


def born(years: int, *, months: int = 0) -> dict[str, str]:
    """Return the answer of somebody who reaches an age in so many months from now."""
    today = dt.datetime.now(dt.UTC).date()
    month = today.year * 12 + today.month - 1 + months
    return {"birth_year": str(month // 12 - years), "birth_month": str(month % 12 + 1)}


def stored() -> int:
    return sum(model.objects.count() for model in (User, DataSubject, DataKey))


@pytest.mark.parametrize(("language", "question"), [("en", "When were you born?"), ("zh-hans", "您是什么时候出生的？")])
def test_the_first_page_asks_neutrally(language: str, question: str):
    page = Client(headers={"Accept-Language": language}).get("/register/").content.decode()
    assert question in page
    form = page.split("<form", 2)[-1]
    assert not re.search(r"\b1[3-8]\b", re.sub(r"<[^>]*>", " ", form.split('id="id_birth"')[1].split("<select")[0]))


@pytest.mark.parametrize("path", ["/register/individual/?country=DE", "/register/enterprise/?country=DE"])
def test_no_page_is_shown_before_the_question(client: Client, path: str):
    assert FIRST in client.get(path).content.decode()
    skipped = registration_step(client, "check", birth_year="", birth_month="", **shown_text(client))
    assert skipped.status_code == 422
    assert "Choose the month of your birth." in skipped.content.decode()


@pytest.mark.parametrize(("country", "age"), AGES.items())
def test_a_child_is_asked_for_a_guardian_and_nothing_is_stored(client: Client, country: str, age: int):
    before = stored()
    for step in ("you", "check", ""):
        page = registration_step(client, step, country, **born(age, months=2))
        assert "Ask a parent or guardian" in page.content.decode()
    assert stored() == before
    signed = re.search(r'name="age" value="([^"]+)"', page.content.decode())[1]
    assert read_age(signed).reached_on > dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(("country", "age"), AGES.items())
def test_somebody_of_age_goes_on(client: Client, country: str, age: int):
    assert 'value="you"' in registration_step(client, "you", country, **born(age, months=-1)).content.decode()


def test_after_an_answer_below_the_age_the_same_browser_cannot_answer_again(client: Client):
    registration_step(client, "you", **born(16, months=2))
    cookie = client.cookies["age_answered"]
    assert cookie["httponly"]
    assert "2010" not in cookie.value
    for step in ("you", ""):
        again = registration_step(client, step, **born(30))
        assert again.status_code == 403
        assert "A parent or guardian must agree first" in again.content.decode()
    assert not User.objects.exists()
    client.cookies["age_answered"] = "below:forged"
    assert registration_step(client, "you", **born(30)).status_code == 200


def test_the_day_is_asked_only_in_the_month_in_which_the_age_is_reached(client: Client, monkeypatch):
    assert "id_birth_day" not in client.get("/register/").content.decode()
    middle = dt.datetime(2026, 11, 15, 12, tzinfo=dt.UTC)
    monkeypatch.setattr("privacy.guardians.forms.timezone", SimpleNamespace(now=lambda: middle))
    undecided = {"birth_year": "2010", "birth_month": "11"}
    asked = registration_step(client, "you", **undecided)
    assert asked.status_code == 422
    assert 'id="id_birth_day"' in asked.content.decode()
    assert 'value="you"' in registration_step(client, "you", **undecided, birth_day="15").content.decode()
    assert "Ask a parent" in registration_step(client, "you", **undecided, birth_day="16").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"birth_year": "85"}, "four digits"),
        ({"birth_year": "2999"}, "four digits"),
        ({"birth_year": "²⁰¹⁰"}, "four digits"),
        ({"birth_month": "13"}, "valid choice"),
        ({"birth_day": "32"}, "a day that this month has"),
        ({"birth_month": "2", "birth_day": "30"}, "a day that this month has"),
    ],
)
def test_an_impossible_date_is_said(client: Client, wrong: dict[str, str], said: str):
    answer = registration_step(client, "you", **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_full_width_digits_are_read(client: Client):
    assert 'value="you"' in registration_step(client, "you", birth_year="１９９０").content.decode()


@pytest.mark.parametrize(("country", "age"), AGES.items())
def test_rest_says_the_age_of_the_country_and_refuses_a_child(country: str, age: int):
    app = App()
    assert app.get(f"fields?kind=individual&country={country}").json()["age"] == age
    assert app.get(f"policies/current?country={country}").json()["age"] == age
    child = {name.removeprefix("birth_"): int(number) for name, number in born(age, months=2).items()}
    refused = app.register(country, birth_month=child)
    assert (refused.status_code, refused.json()["code"]) == (403, "guardian_needed")
    assert not User.objects.exists()


def test_rest_says_what_is_wrong_with_the_answer():
    app = App()
    for given, path, code in (
        (None, "consent.birth_month", "null"),
        ({"year": 1990}, "consent.birth_month.month", "required"),
        ({"year": "1990", "month": 5}, "consent.birth_month.year", "invalid"),
        ({"year": 2999, "month": 5}, "consent.birth_month.year", "invalid_year"),
        ({"year": 1990, "month": 2, "day": 30}, "consent.birth_month.day", "invalid_day"),
    ):
        answer = app.register("DE", birth_month=given)
        assert answer.status_code == 422
        assert [error["code"] for error in answer.json()["errors"][path]] == [code]


def test_rest_takes_no_confirmed_age_any_more():
    app = App()
    policy = app.get("policies/current?country=DE").json()
    consent = {"policy": policy["digest"], "language": "en", "agreed": True, "age_confirmed": True}
    answer = app.post("registrations/individual", {"country": "DE", "consent": consent})
    assert answer.json()["errors"].keys() >= {"consent.age_confirmed", "consent.birth_month"}


def test_rest_without_a_country_says_no_age_and_a_version_the_highest_of_its_countries():
    app = App()
    assert app.get("fields?kind=individual").json()["age"] is None
    assert [app.get(f"policies/{code}/1").json()["age"] for code in ("cn", "intl")] == [14, 16]
