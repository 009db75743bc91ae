"""Countries and time zones, as the form offers and takes them."""

import csv
from pathlib import Path

import pytest
from django.utils import translation

from accounts.profiles.countries import clean_time_zone
from privacy.jurisdictions.country_codes import KOSOVO
from privacy.jurisdictions.country_names import countries
from privacy.jurisdictions.time_zones import zones_of_country
from tests.forms import error_codes, typed

pytestmark = [pytest.mark.shared, pytest.mark.embedded]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_country_is_offered_in_english_and_chinese(shared: Path):
    expected = {row["alpha2"] for row in rows(shared / "corpus/geo/given/iso3166_names.csv")} | {KOSOVO}
    for language in ("en", "zh-hans"):
        offered = dict(countries(language))
        assert set(offered) == expected
        assert all(name != code for code, name in offered.items())
    assert dict(countries("zh-hans"))["CN"] == "中国"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_country_is_taken_whatever_the_language(shared: Path, language: str):
    with translation.override(language):
        codes = [row["alpha2"] for row in rows(shared / "corpus/geo/given/iso3166_names.csv")]
        assert [code for code in codes if "country" in typed(code).errors] == []


def test_a_text_that_is_no_country_is_refused():
    assert error_codes(typed("XX"), "country") == ["invalid_choice"]


def test_the_zones_of_a_country_are_those_that_iana_lists(shared: Path):
    pairs = rows(shared / "corpus/geo/given/country_zone_pairs.csv")
    wrong = [row for row in pairs if (row["zone"] in zones_of_country(row["country"])) != (row["belongs"] == "True")]
    assert wrong == []


def test_a_zone_of_another_country_is_taken_because_people_travel(shared: Path):
    pairs = rows(shared / "corpus/geo/given/country_zone_pairs.csv")
    refused = [row for row in pairs if "time_zone" in typed(row["country"], time_zone=row["zone"]).errors]
    assert refused == []


@pytest.mark.parametrize(
    ("alias", "canonical"),
    [
        ("PRC", "Asia/Shanghai"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Pacific", "America/Los_Angeles"),
        ("UTC", "Etc/UTC"),
    ],
)
def test_an_alias_is_kept_under_its_canonical_name(alias: str, canonical: str):
    assert typed(time_zone=alias).cleaned_data["time_zone"] == canonical
    assert clean_time_zone(canonical) == canonical


def test_an_unknown_zone_is_refused():
    assert error_codes(typed(time_zone="Mars/Olympus"), "time_zone") == ["invalid_time_zone"]
