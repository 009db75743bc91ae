"""What a service needs, over REST: what is missing, why, and where to give it."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.licences.models import Licence
from accounts.licences.states import LicenceState
from tests.app import App, registered
from tests.factories import make_policy
from tests.licences import enterprise, handed_in
from tests.sign_in_clients import newest_code

pytestmark = pytest.mark.embedded
FOR = "me/requirements?for="
PERIOD = {"business_period_start": "2020-01-02", "business_period_end": "no_fixed_term"}


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    entry = settings.STORAGES["licences"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"licences": entry}


@pytest.fixture
def person() -> App:
    make_policy()
    return registered()


def missing(app: App, service: str) -> list[str]:
    return [each["field"] or each["kind"] for each in app.get(FOR + service).json()["missing"]]


def test_the_mark_of_a_verified_enterprise_end_to_end(settings: Any):
    app = enterprise()
    answer = app.get(FOR + "verified_enterprise").json()
    assert (answer["service"], answer["is_met"]) == ("verified_enterprise", False)
    assert missing(app, "verified_enterprise") == [*PERIOD, "business_address", "licence"]
    address = answer["missing"][2]
    assert address == {
        "kind": "field",
        "field": "business_address",
        "label": "Business address",
        "why": "To write to you.",
        "state": "not_given",
        "how": {
            "page": f"{settings.SITE_URL}/settings/services/verified_enterprise/",
            "call": "PATCH /api/v1/me",
        },
    }
    assert answer["missing"][3]["how"]["call"] == "PUT /api/v1/me/licence"
    assert app.send("PATCH", "me", PERIOD | {"business_address": "Hafenstr. 1"}).status_code == 200
    licence = handed_in()
    assert [each["state"] for each in app.get(FOR + "verified_enterprise").json()["missing"]] == ["in_review"]
    assert app.get("me").json()["is_verified_enterprise"] is False
    Licence.objects.filter(pk=licence.pk).update(state=LicenceState.APPROVED, decided_at=timezone.now())
    assert app.get(FOR + "verified_enterprise").json()["is_met"] is True
    assert app.get("me").json()["is_verified_enterprise"] is True
    Licence.objects.update(expires_at=timezone.now())
    assert missing(app, "verified_enterprise") == ["licence"]
    assert app.get("me").json()["is_verified_enterprise"] is False


def test_product_news_need_a_verified_address(person: App):
    assert missing(person, "product_news") == ["email"]
    [needed] = person.get(FOR + "product_news").json()["missing"]
    assert (needed["state"], needed["how"]["call"]) == ("not_given", "POST /api/v1/me/contacts/email")
    person.post("auth/again", {"password": "Lantern-Quartz-Orbit-51"})
    assert person.post("me/contacts/email", {"value": "joerg@example.org"}).status_code == 202
    [needed] = person.get(FOR + "product_news").json()["missing"]
    assert (needed["state"], needed["how"]["call"]) == ("to_verify", "POST /api/v1/me/contacts/email/verify")
    assert needed["how"]["page"].endswith("/settings/security/email/code/")
    person.post("me/contacts/email/verify", {"code": newest_code()})
    assert person.get(FOR + "product_news").json()["is_met"] is True


def test_without_a_service_all_of_the_kind_are_listed(person: App):
    listed = person.get("me/requirements").json()
    assert [each["service"] for each in listed["services"]] == ["product_news"]
    assert "service" not in listed


def test_an_enterprise_can_have_both():
    listed = enterprise().get("me/requirements").json()
    assert {each["service"]: each["is_met"] for each in listed["services"]} == {
        "verified_enterprise": False,
        "product_news": False,
    }


def test_a_service_that_is_unknown_or_for_others_is_not_found(person: App):
    for name in ("verified_enterprise", "none", ""):
        answer = person.get(FOR + name)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_it_is_in_the_language_of_the_reader(person: App):
    answer = person.get(FOR + "product_news", Accept_Language="zh-hans").json()
    assert answer["label"] == "产品资讯（邮件）"


def test_an_individual_has_no_mark_and_no_one_sets_it(person: App):
    assert "is_verified_enterprise" not in person.get("me").json()
    assert person.send("PATCH", "me", {"is_verified_enterprise": True}).status_code == 422


def test_strangers_are_refused():
    make_policy()
    assert App().get("me/requirements").status_code == 401
