"""Colours: contrast by WCAG 2.2, and the colours that follow from an operator's accent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

# WCAG 2.2, 1.4.3: text on its ground.
LEAST_CONTRAST = 4.5
HEX = re.compile(r"#[0-9a-f]{6}")
BLACK, WHITE = "#000000", "#ffffff"
# The shares of the accent in its soft ground, the strongest first.
_SOFT_SHARES = (0.14, 0.12, 0.1, 0.08, 0.06, 0.04)
# Lighter tones of the accent, for the dark scheme, the least changed first.
_LIGHTER = tuple(step / 20 for step in range(20))


@dataclass(frozen=True)
class Scheme:
    """The colours of `static/portal.css` that an accent meets, or that e-mails have, too."""

    name: str
    ink: str
    muted: str
    page: str
    surface: str
    line: str
    accent: str
    on_accent: str
    accent_soft: str


LIGHT = Scheme("light", "#16201d", "#51605b", "#f4f6f5", WHITE, "#dbe2df", "#0b5d4e", WHITE, "#e2f1ec")
DARK = Scheme("dark", "#e8eeeb", "#a9b7b1", "#0e1412", "#18201d", "#2d3834", "#74cdb5", "#08211b", "#17332b")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as `#0b5d4e`, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with this share of the second one, as `color-mix(in srgb)` does."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in parts)


def branded(scheme: Scheme, accent: str) -> Scheme:
    """Return a scheme with another accent, a text on it, and a soft ground for it.

    The ground has as much of the accent as leaves texts on it readable.
    """
    # The dark scheme has a light accent, and a text on it that is nearly black.
    text = WHITE if scheme is LIGHT else mixed(BLACK, accent, 0.12)
    grounds = [mixed(scheme.surface, accent, share) for share in _SOFT_SHARES]
    texts = (scheme.ink, scheme.muted, accent)
    readable = (ground for ground in grounds if all(contrast(each, ground) >= LEAST_CONTRAST for each in texts))
    soft = next(readable, grounds[-1])
    return replace(scheme, accent=accent, on_accent=text, accent_soft=soft)


def accent_for_dark(accent: str) -> str:
    """Return the tone nearest to an accent that can be read in the dark scheme."""
    tones = [mixed(accent, WHITE, share) for share in _LIGHTER]
    return next((tone for tone in tones if not list(low_contrasts(branded(DARK, tone)))), WHITE)


def low_contrasts(scheme: Scheme) -> Iterator[tuple[str, str, float]]:
    """Yield each pair of the accent and a colour that cannot be read: what the colour is, the colour, the contrast."""
    pairs = {
        "the page": scheme.page,
        "cards and fields": scheme.surface,
        "its soft ground": scheme.accent_soft,
        "the text on buttons": scheme.on_accent,
    }
    for name, colour in pairs.items():
        if (ratio := contrast(scheme.accent, colour)) < LEAST_CONTRAST:
            yield name, colour, ratio


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue
