"""What the portal knows of each country: ages, regulators, courts and days, each with a source and a date."""

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from privacy.jurisdictions import countries
from privacy.jurisdictions.countries import AGE_WHERE_UNKNOWN, UnknownCountry, get_country, highest_age
from privacy.jurisdictions.country_codes import country_codes, is_country
from privacy.jurisdictions.country_facts import SHIPPED, AnswerPeriods, CountryFacts, Review, Source, read_countries
from privacy.jurisdictions.jurisdictions import get_jurisdiction

pytestmark = pytest.mark.embedded

EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)
# What was found after the lists were made: news say that Denmark raised its age in 2024.
NOT_AS_LISTED = {"DK"}
FACTS = read_countries()


def sources(facts: CountryFacts) -> list[Source]:
    return [fact.source for fact in (facts.age, facts.regulator, facts.court, facts.answer) if fact]


@pytest.mark.parametrize("code", sorted(FACTS))
def test_every_fact_has_a_date_and_what_counts_a_source(code: str):
    found = sources(FACTS[code])
    assert found
    for source in found:
        assert dt.date(2026, 1, 1) < source.checked_on <= dt.date(2027, 12, 31)
        assert source.url.startswith("https://") or not source.is_reviewed


@pytest.mark.parametrize("code", sorted(EEA))
def test_every_country_of_the_eea_has_a_regulator_with_a_page_for_complaints_and_a_row_for_its_age(code: str):
    country = get_country(code)
    assert country.regulator
    assert country.regulator.url.startswith("https://")
    assert country.regulator.complaint_url.startswith("https://")
    assert FACTS[code].age
    assert 13 <= country.age <= 16


@pytest.mark.parametrize(
    ("code", "age"),
    [("FR", 15), ("RS", 15), ("CN", 14), ("DE", 16), ("SI", 16), ("IS", 16), ("DK", 16), ("US", 16), ("XK", 16)],
)
def test_the_age_is_the_countrys_and_16_where_it_is_unknown_or_sources_differ(code: str, age: int):
    assert get_country(code).age == age


def test_the_highest_age_of_a_jurisdiction_is_enough_in_each_of_its_countries():
    assert highest_age(get_jurisdiction("cn")) == 14
    assert highest_age(get_jurisdiction("intl")) == 16


def test_only_in_france_child_and_parent_consent_together():
    assert [code for code in sorted(country_codes()) if get_country(code).needs_both] == ["FR"]


def test_only_china_has_a_court_that_a_refusal_names():
    assert [code for code in sorted(country_codes()) if get_country(code).court] == ["CN"]
    assert str(get_country("CN").court.name) == "a people's court"


def test_a_subdivision_has_its_own_regulator_and_the_rest_of_its_country():
    quebec, canada = get_country("CA-QC"), get_country("CA")
    assert (quebec.regulator.name, canada.regulator.name) == (
        "Commission d'accès à l'information du Québec (CAI)",
        "Office of the Privacy Commissioner of Canada (OPC)",
    )
    assert quebec.age == canada.age
    assert get_country("US-CA").regulator
    assert get_country("US").regulator is None


@pytest.mark.parametrize("code", ["", "XX", "de", "US-ZZ", "XX-CA", "DEU"])
def test_another_text_is_no_country(code: str):
    with pytest.raises(UnknownCountry):
        get_country(code)


@given(st.sampled_from(sorted(country_codes())))
def test_of_every_country_all_that_others_ask_is_known(code: str):
    country = get_country(code)
    assert 13 <= country.age <= 18
    assert 1 <= country.answer_days <= 15
    assert 0 <= country.extension_days <= 45


@given(st.sampled_from(sorted(country_codes())), st.sampled_from(Review), st.integers(1, 15), st.integers(0, 45))
def test_a_stricter_law_counts_once_it_was_found(code: str, review: Review, days: int, more: int):
    source = Source("https://law.example", dt.date(2026, 11, 29), review)
    facts = CountryFacts(None, None, None, AnswerPeriods(days, more, "a law", source))
    with override_settings(COUNTRIES={code: facts}):
        country = get_country(code)
        is_found = review in (Review.READ, Review.EXCERPT)
        assert (country.answer_days, country.extension_days) == ((days, more) if is_found else (15, 45))
        assert country.age == AGE_WHERE_UNKNOWN


def test_an_answer_is_never_later_than_the_policy_promises(monkeypatch):
    stricter = replace(get_jurisdiction("intl"), answer_within_days=7)
    monkeypatch.setattr(countries, "jurisdiction_of_country", lambda _code: stricter)
    assert get_country("DE").answer_days == get_country("US-CA").answer_days == 7


def test_the_file_is_sorted_so_that_a_country_is_found():
    codes = [line.strip("[]\n") for line in SHIPPED.read_text().splitlines() if line.startswith("[")]
    assert codes == sorted(codes)
    assert len(codes) == len(FACTS)


@pytest.mark.shared
def test_the_ages_are_those_of_the_reviewed_list(shared: Path):
    listed = {row["country"]: row for row in csv.DictReader((shared / "data/ages.csv").open())}
    for code, row in listed.items():
        fact = FACTS[code].age
        if not row["age"].isdigit():
            assert get_country(code).age == AGE_WHERE_UNKNOWN
        elif code not in NOT_AS_LISTED:
            assert get_country(code).age == int(row["age"])
            assert fact.source.url
    assert {code for code, facts in FACTS.items() if facts.age} == set(listed)


@pytest.mark.shared
def test_the_regulators_are_those_of_the_reviewed_list(shared: Path):
    listed = {row["country"]: row for row in csv.DictReader((shared / "data/regulators.csv").open())}
    assert {code for code, facts in FACTS.items() if facts.regulator} == set(listed)
    for code, row in listed.items():
        found = FACTS[code].regulator
        assert (found.url, found.complaint_url, found.language) == (
            row["url"],
            row["complaint_url"],
            row["complaint_language"],
        )
        assert found.source.url == row["source"]
        if code != "CN":  # its row describes it
            assert row["authority"] == (f"{found.name} ({found.english_name})" if found.english_name else found.name)
    assert all(is_country(code.partition("-")[0]) for code in listed)
