"""An operator learns that a value of their file of jurisdictions has no effect any more."""

from pathlib import Path

import pytest

from privacy.jurisdictions.checks import ages_are_those_of_countries

pytestmark = pytest.mark.embedded


def test_an_age_of_a_jurisdiction_is_reported(tmp_path: Path, settings):
    assert ages_are_those_of_countries() == []
    settings.JURISDICTIONS_FILE = tmp_path / "jurisdictions.toml"
    settings.JURISDICTIONS_FILE.write_text('[sg]\nage_of_consent = 13\n[intl]\nname = { en = "Else" }\n')
    [found] = ages_are_those_of_countries()
    assert found.id == "privacy.W031"
    assert found.msg.startswith("JURISDICTIONS_FILE, sg, age_of_consent, has no effect")
