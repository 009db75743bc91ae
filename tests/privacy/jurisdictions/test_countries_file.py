"""An operator corrects the facts of countries, value by value, and a mistake is named."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from portal.settings import data_files
from privacy.jurisdictions.countries import Country, get_country
from privacy.jurisdictions.country_facts import CountriesMalformed, read_countries

pytestmark = pytest.mark.embedded

FOUND = 'source = "https://law.example/act"\nchecked = 2027-01-02\nreview = "read"\n'
Correct = Callable[[str], Callable[[str], Country]]


@pytest.fixture
def corrected(tmp_path: Path, settings) -> Correct:
    """Use a file of an operator; returns how countries are found then."""

    def use(text: str) -> Callable[[str], Country]:
        file = tmp_path / "countries.toml"
        file.write_text(text)
        settings.COUNTRIES = read_countries(str(file))
        return get_country

    return use


def test_a_single_value_is_replaced_and_the_rest_stays(corrected: Correct):
    before = get_country("DE")
    after = corrected('[DE.regulator]\ncomplaint_url = "https://authority.example/"\n[FR.age]\nyears = 16\n')
    assert after("DE").regulator.complaint_url == "https://authority.example/"
    assert after("DE").regulator.name == before.regulator.name
    assert (after("FR").age, after("FR").needs_both) == (16, True)


def test_countries_and_facts_are_added(corrected: Correct):
    country = corrected(
        f'[US.age]\nyears = 13\nbasis = "COPPA"\n{FOUND}'
        f'[KR.answer]\nanswer_days = 10\nextension_days = 0\nbasis = "a decree"\n{FOUND}'
        f"[US-NY.age]\nyears = 18\n{FOUND}"
    )
    assert (country("US").age, country("US-CA").age, country("US-NY").age) == (13, 13, 18)
    assert (country("KR").answer_days, country("KR").extension_days) == (10, 0)
    assert country("KR").periods.source.checked_on == dt.date(2027, 1, 2)


def test_a_fact_in_doubt_can_be_settled_and_a_settled_one_be_doubted(corrected: Correct):
    country = corrected(f'[SI.age]\nyears = 15\n{FOUND}[NO.age]\nreview = "conflict"\n')
    assert (country("SI").age, country("NO").age) == (15, 16)


def test_the_name_of_a_court_is_read_in_the_readers_language_however_the_language_is_written(corrected: Correct):
    court = corrected('[CN.court]\nname = { en = "a court", "zh-Hans" = "法院" }\n')("CN").court
    assert str(court.name) == "a court"
    with translation.override("zh-hans"):
        assert str(court.name) == "法院"


MALFORMED = {
    "a country that is none": ("[XX.age]\nyears = 15\n", "'XX' is no country, such as FR"),
    "a subdivision that is none": ("[US-california.age]\nyears = 15\n", "'US-california' is no country"),
    "a value instead of a country": ("FR = 15\n", "FR, must be a table"),
    "a value instead of a fact": ("[FR]\nage = 15\n", "FR, age, must be a table"),
    "an unknown fact": ("[FR.ages]\nyears = 15\n", "FR, may have age, regulator, court, answer, leap_day; it has ages"),
    "an unknown key": ("[FR.age]\nyear = 15\n", "FR, age, may have years, needs_both,"),
    "too young": ("[FR.age]\nyears = 12\n", "FR, age.years, must be a whole number from 13 to 18; it is 12"),
    "too old": ("[FR.age]\nyears = 19\n", "FR, age.years, must be a whole number from 13 to 18; it is 19"),
    "an age that is no number": ("[FR.age]\nyears = true\n", "FR, age.years, must be a whole number"),
    "later than the policy": (
        f'[FR.answer]\nanswer_days = 30\nextension_days = 45\nbasis = "a law"\n{FOUND}',
        "FR, answer.answer_days, must be a whole number from 1 to 15; it is 30",
    ),
    "extended by more": (
        f'[FR.answer]\nanswer_days = 15\nextension_days = 60\nbasis = "a law"\n{FOUND}',
        "FR, answer.extension_days, must be a whole number from 0 to 45; it is 60",
    ),
    "half a period": (
        f'[FR.answer]\nanswer_days = 10\nbasis = "a law"\n{FOUND}',
        "FR, answer.extension_days, is missing",
    ),
    "http": (
        '[FR.regulator]\nurl = "http://cnil.fr"\n',
        "FR, regulator.url, must be an address that begins with https",
    ),
    "a script": ('[FR.regulator]\ncomplaint_url = "javascript:x"\n', "FR, regulator.complaint_url, must be an address"),
    "a date in words": ('[FR.age]\nchecked = "today"\n', "FR, age.checked, must be a date such as 2026-11-29"),
    "a language in words": (
        '[FR.regulator]\nlanguage = "French"\n',
        "FR, regulator.language, must be a code such as de",
    ),
    "a review of another kind": ('[FR.age]\nreview = "guessed"\n', "FR, age.review, must be one of read, excerpt"),
    "a court without English": (
        '[CN.court]\nname = { "zh-hans" = "人民法院" }\n',
        "CN, court.name, must be a table of texts",
    ),
    "an age without a source": (
        '[US.age]\nyears = 13\nchecked = 2027-01-02\nreview = "read"\n',
        "US, age.source, is missing",
    ),
    "an age without a date": ('[US.age]\nyears = 13\nreview = "unread"\n', "US, age.checked, is missing"),
    "a regulator without a name": (
        '[US.regulator]\nsource = "https://a.example"\nchecked = 2027-01-02\n',
        "US, regulator.name, is missing",
    ),
    "an age that would have no effect": (
        "[SI.age]\nyears = 15\n",
        "SI, age.review, must say how the fact was found: read or excerpt",
    ),
}


@pytest.mark.parametrize(("text", "said"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_mistake_is_named_with_its_country_and_key(tmp_path: Path, text: str, said: str):
    file = tmp_path / "countries.toml"
    file.write_text(text)
    with pytest.raises(CountriesMalformed) as refused:
        read_countries(str(file))
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[FR.age]\nyears = 12", "COUNTRIES_FILE, FR, age.years, must be a whole number from 13 to 18; it is 12."),
        (b"[FR", "COUNTRIES_FILE must name a TOML file of countries; "),
        (b"\xff", "COUNTRIES_FILE must name a TOML file of countries; "),
        (None, "COUNTRIES_FILE must name a TOML file of countries; "),
    ],
)
def test_the_variable_is_named_too(tmp_path: Path, monkeypatch, content: bytes | None, said: str):
    file = tmp_path / "countries.toml"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("COUNTRIES_FILE", str(file))
    with pytest.raises(ImproperlyConfigured) as refused:
        data_files.countries("COUNTRIES_FILE")
    assert str(refused.value).startswith(said)
