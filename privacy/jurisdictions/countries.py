"""The known countries and regions: ISO 3166-1, and Kosovo as in CLDR and the numbering plans (XK)."""

from functools import cache
from importlib.resources import files

# User-assigned in ISO 3166; a territory of CLDR, and +383 in E.164.
KOSOVO = "XK"


@cache
def country_codes() -> frozenset[str]:
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in text.splitlines() if line and not line.startswith("#")) | {KOSOVO}


def is_country(code: str) -> bool:
    """Whether a text is the alpha-2 code of a country or region."""
    return code in country_codes()
