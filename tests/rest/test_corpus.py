"""What the corpus holds behaves over REST as it does in the form."""

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app import App
from tests.factories import make_policy
from tests.forms import error_codes, typed

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
# Every row goes through the form elsewhere; over REST, which checks with that form, every so many.
EVERY = 11


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


Row = tuple[str, str, str, str]


def rows(corpus: Path) -> Iterator[Row]:
    """Yield kind, country, field and value."""
    yield from numbers(corpus)
    yield from texts(corpus)


def numbers(corpus: Path) -> Iterator[Row]:
    for row in table(corpus / "phones/given/phones.csv"):
        yield "individual", row["region"] or "DE", "phone", row["input"]
    for name in ("uscc_valid", "uscc_invalid", "uscc_legitimate_but_checksum_fails"):
        for row in table(corpus / f"orgids/given/{name}.csv"):
            yield "enterprise", "CN", "registration_number", row["code"]


def texts(corpus: Path) -> Iterator[Row]:
    for name in ("names_valid", "names_hostile"):
        for row in json.loads((corpus / f"names/given/{name}.json").read_text(encoding="utf-8")):
            if "name" in row:
                yield "individual", "DE", "name", row["name"]
    for row in table(corpus / "passwords/given/common_passwords.csv"):
        yield "individual", "DE", "password", next(iter(row.values()))
    for row in json.loads((corpus / "blns/given/blns.json").read_text(encoding="utf-8")):
        for field in ("username", "company_name"):
            yield "individual", "DE", field, base64.b64decode(row["b64"]).decode()
    for row in table(corpus / "geo/given/country_zone_pairs.csv"):
        country, zone = list(row.values())[:2]
        yield "individual", country, "time_zone", zone


def test_rows_are_judged_as_in_the_form(shared: Path):
    for jurisdiction in ("cn", "intl"):
        make_policy(jurisdiction)
    app = App()
    faults, fields = [], set()
    for kind, country, field, value in list(rows(shared / "corpus"))[::EVERY]:
        fields.add(field)
        expected = error_codes(typed(country, kind=kind, **{field: value}), field)
        # Without an agreement nothing is stored, whatever else is right.
        answer = app.register(country, kind=kind, agreed=False, **{field: value})
        found = [error["code"] for error in answer.json().get("errors", {}).get(field, [])]
        if answer.status_code != 422 or not _same(found, expected):
            faults.append((country, field, value, answer.status_code, found, expected))
    assert faults == []
    assert fields == {"phone", "registration_number", "name", "password", "username", "company_name", "time_zone"}


def _same(found: list[str], expected: list[str]) -> bool:
    # A body refuses an empty required text by the name that its own rule has.
    return found == expected or (expected == ["required"] and found == ["blank"]) or bool(found) == bool(expected)
