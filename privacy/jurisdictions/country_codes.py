"""The known countries and regions: ISO 3166-1, and Kosovo as in CLDR and the numbering plans (XK)."""

from functools import cache

from privacy.jurisdictions.tzdata_files import tzdata_lines

# User-assigned in ISO 3166; a territory of CLDR, and +383 in E.164.
KOSOVO = "XK"


@cache
def country_codes() -> frozenset[str]:
    """Return the alpha-2 code of every country and region."""
    return frozenset(line.split("\t")[0] for line in tzdata_lines("iso3166.tab")) | {KOSOVO}


def is_country(code: str) -> bool:
    """Whether a text is the alpha-2 code of a country or region."""
    return code in country_codes()
