"""Phone numbers and registration numbers of real enterprises, as they are typed into the form."""

import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from accounts.contact_points.parsing import clean_phone, read_phone
from tests.forms import error_codes, typed

pytestmark = [pytest.mark.shared, pytest.mark.embedded]
NUMBER = "registration_number"
# The prefix of a VAT number is the country's own code, but for Greece.
VAT_COUNTRIES = {"EL": "GR"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(country: str, number: str, **more: str) -> str:
    """The canonical number, or the code of the error."""
    form = typed(country, kind="enterprise", **{NUMBER: number}, **more)
    codes = error_codes(form, NUMBER)
    return codes[0] if codes else form.cleaned_data[NUMBER]


def test_every_phone_number_is_read_as_libphonenumber_says(shared: Path):
    faults = []
    for row in rows(shared / "corpus/phones/given/phones.csv"):
        try:
            found = read_phone(row["input"], row["region"] or None)
        except ValidationError:
            found = ""
        if found != (row["e164"] if row["valid"] == "True" else ""):
            faults.append((row["region"], row["input"], found))
    assert faults == []


def test_a_person_registers_with_every_valid_number_but_those_of_a_kind_that_takes_no_sms(shared: Path):
    valid = [row for row in rows(shared / "corpus/phones/given/phones.csv") if row["valid"] == "True" and row["region"]]
    refused = [
        row for row in valid if typed(row["region"], phone=row["input"]).cleaned_data.get("phone") != row["e164"]
    ]
    assert {row["note"] for row in refused} == {"400 number", "vanity letters"}


def test_no_invalid_number_is_taken(shared: Path):
    wrong = [
        row for row in rows(shared / "corpus/phones/given/phones.csv") if row["valid"] == "False" and row["region"]
    ]
    taken = [row for row in wrong if "phone" in typed(row["region"], phone=row["input"]).cleaned_data]
    assert taken == []


def test_a_number_without_a_region_needs_its_country_code(shared: Path):
    for row in rows(shared / "corpus/phones/given/phones.csv"):
        if not row["region"] and row["valid"] == "True":
            assert clean_phone(row["input"], None) == row["e164"]


def test_every_credit_code_in_use_is_accepted(shared: Path):
    codes = [row["code"] for row in rows(shared / "corpus/orgids/given/uscc_valid.csv")]
    assert [code for code in codes if outcome("CN", code) != code] == []


def test_a_wrong_shape_is_refused_and_a_wrong_check_digit_is_asked_about(shared: Path):
    expected = {"checksum": "checksum_mismatch", "format": "invalid", "length": "invalid"}
    wrong = rows(shared / "corpus/orgids/given/uscc_invalid.csv")
    assert [row for row in wrong if outcome("CN", row["code"]) != expected[row["reason"]]] == []


def test_a_code_is_read_however_it_is_written(shared: Path):
    written = rows(shared / "corpus/orgids/given/uscc_normalise.csv")
    assert [row for row in written if outcome("CN", row["input"]) != row["canonical"]] == []


def test_a_real_company_whose_check_digit_fails_is_not_locked_out(shared: Path):
    for row in rows(shared / "corpus/orgids/given/uscc_legitimate_but_checksum_fails.csv"):
        form = typed("CN", kind="enterprise", registration_number=row["code"], registration_number_confirmed="on")
        assert form.cleaned_data[NUMBER] == row["code"]
        assert form.registration_number_needs_review


def test_confirming_does_not_excuse_a_wrong_shape_in_mainland_china():
    assert outcome("CN", "9134060", registration_number_confirmed="on") == "invalid"


def test_every_organisation_code_is_checked_by_its_own_standard(shared: Path):
    codes = rows(shared / "corpus/orgids/given/orgcode_gb11714.csv")
    refused = ("invalid", "checksum_mismatch")
    assert [row for row in codes if (outcome("CN", row["code"]) not in refused) != (row["valid"] == "True")] == []


def test_other_countries_numbers_are_checked_by_their_own_rules_and_kept_as_printed(shared: Path):
    faults = []
    for row in rows(shared / "corpus/orgids/given/foreign_ids.csv"):
        found = outcome(country_of(row), row["input"])
        is_accepted = found not in ("invalid", "checksum_mismatch", "unknown_shape")
        if is_accepted != (row["valid"] == "True") or (is_accepted and found != " ".join(row["input"].split())):
            faults.append((row["type"], row["input"], found))
    assert faults == []


def test_whatever_is_refused_abroad_is_kept_for_review_once_it_is_confirmed(shared: Path):
    refused = [row for row in rows(shared / "corpus/orgids/given/foreign_ids.csv") if row["valid"] == "False"]
    assert len(refused) > 100
    for row in refused:
        form = typed(
            country_of(row), kind="enterprise", registration_number=row["input"], registration_number_confirmed="on"
        )
        assert form.cleaned_data.get(NUMBER) == " ".join(row["input"].split()), row
        assert form.registration_number_needs_review


def country_of(row: dict[str, str]) -> str:
    prefix = row["type"].partition(".")[0].upper()
    if prefix != "EU":
        return prefix
    prefix = row["input"].strip()[:2].upper()
    return VAT_COUNTRIES.get(prefix, prefix)
