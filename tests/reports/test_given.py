"""The inputs of public bug reports that were given beside the checkout, sent as they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from accounts.contact_points.parsing import clean_email
from tests.app import App, registered
from tests.factories import make_policy

pytestmark = [pytest.mark.shared, pytest.mark.embedded]
REFUSED = [
    "invisible-username",
    "blank-text-accepted",
    "number-of-a-kind-that-takes-no-sms",
    "number-with-extension",
    "undeliverable-email-domain",
    "invalid-idn-domain",
    "date-read-by-language",
]
FIELD_OF_KIND = {"invisible-username": "username"}


@pytest.fixture
def given(shared: Path) -> list[dict[str, Any]]:
    make_policy("intl")
    make_policy("cn", language="zh-hans")
    return json.loads((shared / "corpus/reports/given/inputs.json").read_text(encoding="utf-8"))


def sent(case: dict[str, Any]) -> tuple[int, str]:
    """Register with the value of a report; return the status and the field that was refused."""
    asked = case["input"]
    field = asked.get("field") or FIELD_OF_KIND.get(case["kind"], "phone")
    needs_enterprise = field.startswith(("business", "enterprise", "registration"))
    app = App(language=asked.get("Accept-Language", "en").lower())
    answer = app.register(
        asked.get("country", "DE"), kind="enterprise" if needs_enterprise else "individual", **{field: asked["value"]}
    )
    return answer.status_code, ", ".join(answer.json().get("errors", {})) if answer.status_code == 422 else field


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_to_be_refused_is_refused_at_its_field(given: list[dict[str, Any]], kind: str):
    if kind == "invisible-username":
        registered(username="anna_lind", phone="+4915123450009")
        registered(username="admin", phone="+4915123450010")
    cases = [case for case in given if case["kind"] == kind and case["door"] == "rest" and "value" in case["input"]]
    assert cases
    for case in cases:
        field = case["input"].get("field") or FIELD_OF_KIND.get(kind, "phone")
        assert sent(case) == (422, field), case


def test_no_address_becomes_another_one(given: list[dict[str, Any]]):
    cases = [case for case in given if case["kind"] == "idna2003-sends-to-another-domain" and "value" in case["input"]]
    for case in cases:
        assert clean_email(case["input"]["value"]) in case["expected"]
    assert len(cases) >= 4


def test_half_a_character_is_never_a_server_error(given: list[dict[str, Any]]):
    app = registered()
    cases = [case["input"] for case in given if case["kind"] == "lone-surrogate-in-member-or-choice"]
    for case in cases:
        if case["raw_body"].startswith("{"):
            sender = app if case.get("auth") else App()
            answer = sender.send(case["method"], case["path"], case["raw_body"])
            assert answer.status_code in (400, 422)
    assert cases
