"""The data inventory is read from the running code: every field of the policy, with its declaration."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import make_sample_policy

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

# The fields of 1.1.1 and 1.1.2, reviewed: for which kinds each is required, and whether it is sensitive.
BOTH, ENTERPRISE, NOBODY = ["enterprise", "individual"], ["enterprise"], []
EXPECTED = {
    "name": (BOTH, False),
    "username": (BOTH, False),
    "password": (BOTH, True),
    "phone": (BOTH, True),
    "company_name": (NOBODY, False),
    "country": (BOTH, True),
    "time_zone": (NOBODY, True),
    "email": (NOBODY, True),
    "enterprise_name": (ENTERPRISE, False),
    "registration_number": (ENTERPRISE, True),
    "business_period_start": (NOBODY, False),
    "business_period_end": (NOBODY, False),
    "business_area": (NOBODY, True),
    "business_address": (NOBODY, True),
    "enterprise_email": (ENTERPRISE, True),
}


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("personal_data", *arguments, stdout=out)
    return out.getvalue()


def test_every_field_of_the_policy_is_declared_and_no_other():
    rows = json.loads(printed("--format", "json"))
    assert {row["key"]: (row["required_for"], row["sensitive"]) for row in rows} == EXPECTED


def test_every_field_names_clause_purpose_why_class_and_retention():
    make_sample_policy("cn")
    for row in json.loads(printed("--format", "json")):
        assert all(row[name] for name in ("clause", "purpose", "why", "class", "retention")), row["key"]
        assert all(row["clause"].values()) or row["key"] == "licence"


def test_a_field_names_no_clause_where_no_policy_is_in_force():
    rows = json.loads(printed("--format", "json", "--jurisdiction", "intl"))
    assert {clause for row in rows for clause in row["clause"].values()} == {""}


def test_the_code_of_an_enterprise_is_required_in_mainland_china_only():
    rows = {row["key"]: row for row in json.loads(printed("--format", "json"))}
    assert rows["registration_number"]["required_in"] == ["CN"]


def test_only_the_password_is_kept_otherwise_than_sealed():
    assert [row["key"] for row in json.loads(printed("--format", "json")) if not row["sealed"]] == ["password"]


def test_the_table_has_a_line_for_each_field():
    lines = printed().splitlines()
    assert [line.split()[0] for line in lines[2:]] == list(EXPECTED)
