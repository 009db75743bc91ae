"""An operator's colours are refused where they cannot be read, for the right reason."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.branding.checks import colours_can_be_read
from privacy.branding.colours import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    Scheme,
    accent_for_dark,
    branded,
    contrast,
    low_contrasts,
    mixed,
)
from tests.colours import SCHEMES

pytestmark = pytest.mark.embedded

BLUE, RED, YELLOW = "#1d4ed8", "#b00020", "#ffd600"
colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_are_those_of_the_stylesheet(scheme: Scheme):
    tokens = {name.replace("-", "_"): colour for name, colour in SCHEMES[scheme.name].items()}
    assert dataclasses.asdict(scheme).items() <= (tokens | {"name": scheme.name}).items()


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b5d4e", "#0b5d4e", 1)]
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("accent", [BLUE, RED, "#0b5d4e"])
def test_a_colour_that_can_be_read_is_accepted_with_one_for_the_dark_scheme(settings, accent: str):
    settings.BRAND_ACCENT = accent
    assert colours_can_be_read() == []
    dark = branded(DARK, accent_for_dark(accent))
    assert list(low_contrasts(dark)) == []


def test_yellow_is_refused_in_the_light_scheme_because_of_each_pair(settings):
    settings.BRAND_ACCENT = YELLOW
    problems = colours_can_be_read()
    assert {problem.id for problem in problems} == {"privacy.E030"}
    text = "\n".join(str(problem) for problem in problems)
    assert "BRAND_ACCENT=#ffd600 has a contrast of 1.41 to cards and fields (#ffffff) in the light scheme" in text
    assert "to the page (#f4f6f5)" in text
    assert "to the text on buttons (#ffffff)" in text
    assert "Choose a darker colour." in text
    assert "BRAND_ACCENT_DARK" not in text


def test_yellow_is_accepted_in_the_dark_scheme_and_navy_is_not(settings):
    settings.BRAND_ACCENT, settings.BRAND_ACCENT_DARK = "#725c00", YELLOW
    assert colours_can_be_read() == []
    settings.BRAND_ACCENT_DARK = "#1b2a6b"
    problems = colours_can_be_read()
    assert problems
    assert all(str(problem.msg).startswith("BRAND_ACCENT_DARK=#1b2a6b") for problem in problems)
    assert problems[0].hint == "Choose a lighter colour."


@given(colours)
def test_every_accepted_accent_can_be_read_on_its_soft_ground_with_all_texts(accent: str):
    for scheme in (branded(LIGHT, accent), branded(DARK, accent)):
        if list(low_contrasts(scheme)):
            continue
        for text in (scheme.ink, scheme.muted, scheme.accent):
            assert contrast(text, scheme.accent_soft) >= LEAST_CONTRAST
        hovered = mixed(scheme.accent, scheme.ink, 0.12)
        assert contrast(scheme.on_accent, hovered) >= LEAST_CONTRAST


@given(colours)
def test_every_colour_has_a_tone_for_the_dark_scheme(accent: str):
    assert list(low_contrasts(branded(DARK, accent_for_dark(accent)))) == []
