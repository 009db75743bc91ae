"""The country decides who the controller is, never the language."""

import pytest
from django.test import override_settings
from django.utils import translation

from privacy.jurisdictions.jurisdictions import (
    NotStoredHere,
    UnknownJurisdiction,
    get_jurisdiction,
    jurisdiction_of_country,
    require_stored_here,
)

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("country", "code"), [("CN", "cn"), ("DE", "intl"), ("RS", "intl"), ("HK", "intl"), ("US", "intl")]
)
def test_mainland_china_has_its_own_jurisdiction_and_the_rest_shares_one(country: str, code: str):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert jurisdiction_of_country(country).code == code


def test_an_unknown_code_says_which_there_are():
    with pytest.raises(UnknownJurisdiction, match="cn, intl"):
        get_jurisdiction("mars")


def test_china_wants_a_verified_phone_and_elsewhere_either_will_do():
    assert get_jurisdiction("cn").accepts_contact("phone")
    assert not get_jurisdiction("cn").accepts_contact("email")
    assert get_jurisdiction("intl").accepts_contact("phone")
    assert get_jurisdiction("intl").accepts_contact("email")


def test_a_deployment_refuses_what_it_may_not_store():
    with override_settings(JURISDICTIONS=["cn"], JURISDICTION_URLS={"intl": "https://intl.example"}):
        require_stored_here(get_jurisdiction("cn"))
        with pytest.raises(NotStoredHere) as refused:
            require_stored_here(get_jurisdiction("intl"))
    assert refused.value.url == "https://intl.example"


def test_names_follow_the_language_of_the_reader():
    with translation.override("zh-hans"):
        assert str(get_jurisdiction("cn").name) == "中国大陆"
    with translation.override("sr"):
        assert str(get_jurisdiction("cn").name) == "Mainland China"
