"""The time zones of each country, as IANA lists them."""

import datetime as dt
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo

from privacy.jurisdictions.country_codes import KOSOVO
from privacy.jurisdictions.tzdata_files import tzdata_lines

# IANA's tables have no line for Kosovo, which uses Serbia's zone.
ZONES_AS = {KOSOVO: "RS"}
# Beijing time is the official one in all of China, though IANA lists a zone for Urumqi.
OFFICIAL = {"CN": "Asia/Shanghai"}


def zones_of_country(code: str) -> frozenset[str]:
    """Return the names of a country's time zones. Empty for an unknown code, and where IANA knows no zone."""
    return frozenset(zones_in_order(code))


def only_zone_of_country(code: str, at: dt.datetime) -> dt.tzinfo | None:
    """Return the time zone of a country whose clocks all show the same at an instant; None for other countries."""
    zones = [ZoneInfo(OFFICIAL[code])] if code in OFFICIAL else [ZoneInfo(name) for name in zones_in_order(code)]
    return zones[0] if len({at.astimezone(zone).utcoffset() for zone in zones}) == 1 else None


def zones_in_order(code: str) -> tuple[str, ...]:
    """Return the time zones of a country in IANA's order."""
    return zones_by_country().get(ZONES_AS.get(code, code), ())


@cache
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """Return each country's own zones (zone.tab), then those that it shares with others since 1970 (zone1970.tab)."""
    zones: dict[str, dict[str, None]] = defaultdict(dict)
    for table in ("zone.tab", "zone1970.tab"):
        for line in tzdata_lines(table):
            countries_of_line, _place, zone, *_comment = line.split("\t")
            for country in countries_of_line.split(","):
                zones[country][zone] = None
    return {country: tuple(names) for country, names in zones.items()}
