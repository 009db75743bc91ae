"""Real and hostile names, and naughty strings, as they are typed into the form."""

import base64
import json
import unicodedata
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.profiles.texts import clean_text
from tests.factories import make_policy
from tests.forms import typed

pytestmark = [pytest.mark.shared, pytest.mark.embedded]
TEXTS = ("name", "username", "phone", "company_name", "email", "time_zone", "country")
ENTERPRISE_TEXTS = ("enterprise_name", "enterprise_email", "registration_number", "business_area", "business_address")


def rows(path: Path) -> list[dict[str, str]]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_real_name_is_accepted_and_kept_in_nfc(shared: Path):
    faults = []
    for row in rows(shared / "corpus/names/given/names_valid.json"):
        form = typed(name=row["name"])
        if form.errors or form.cleaned_data["name"] != row["nfc"].strip():
            faults.append((row["name"], form.errors.get("name")))
    assert faults == []


def test_hostile_names_are_refused_with_a_field_error_or_kept_as_text(shared: Path):
    hostile = rows(shared / "corpus/names/given/names_hostile.json")
    refused = [row for row in hostile if row["expect"].startswith("reject")]
    assert refused
    assert [row for row in refused if not typed(name=row["name"]).errors.get("name")] == []


def test_a_name_of_markup_is_escaped_where_it_is_shown(client: Client, shared: Path):
    make_policy("intl")
    name = "<script>alert(1)</script>"
    page = client.post("/register/individual/", {"country": "DE", "name": name}).content.decode()
    assert name not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_naughty_string_is_a_value_or_a_field_error(shared: Path):
    """Whatever the strings are, the form answers; nothing raises."""
    for row in rows(shared / "corpus/blns/given/blns.json"):
        text = base64.b64decode(row["b64"]).decode()
        assert typed(**dict.fromkeys((*TEXTS, "password"), text)) is not None
        for country in ("CN", "DE", "CM"):
            form = typed(country, kind="enterprise", **dict.fromkeys(ENTERPRISE_TEXTS, text))
            assert form.errors or form.cleaned_data


def test_naughty_strings_sent_to_the_page_never_break_it(client: Client, shared: Path):
    make_policy("intl")
    for row in rows(shared / "corpus/blns/given/blns.json")[::7]:
        text = base64.b64decode(row["b64"]).decode()
        answer = client.post(
            "/register/enterprise/", dict.fromkeys((*TEXTS, *ENTERPRISE_TEXTS), text) | {"country": "DE"}
        )
        assert answer.status_code == 422


@given(text=st.text(max_size=200))
def test_a_cleaned_text_is_clean(text: str):
    form = typed(name=text)
    if "name" not in form.errors:
        name = form.cleaned_data["name"]
        assert clean_text(name, max_length=150) == name == unicodedata.normalize("NFC", name)
