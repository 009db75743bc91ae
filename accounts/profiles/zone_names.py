"""Time zones as people read them: the name of a place (CLDR) and its offset, in groups by region."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from privacy.jurisdictions.country_names import reading_order
from privacy.templatetags.punctuation import bracketed

# The CLDR's keys, where IANA has renamed a zone since.
OLDER_KEYS = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Pohnpei": "Pacific/Ponape",
}
# Places that the CLDR does not name yet, by language.
NOT_IN_CLDR = {"zh": {"America/Coyhaique": "科伊艾克"}}
UTC = "Etc/UTC"
# The CLDR's names of zones that IANA names by abbreviations.
BY_ABBREVIATION = {
    "CST6CDT": "America_Central",
    "EST5EDT": "America_Eastern",
    "MST7MDT": "America_Mountain",
    "PST8PDT": "America_Pacific",
}
# The label of the group for each first part of a zone's name; the CLDR names continents by number.
REGIONS = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Asia": "142",
    "Atlantic": _("Atlantic Ocean"),
    "Europe": "150",
    "Arctic": "150",
    "Indian": _("Indian Ocean"),
    "Australia": "009",
    "Pacific": "009",
}


def zone_label(zone: str, on: dt.date, language: str = "") -> str:
    """Return a zone's place and its offset on a day, such as `Shanghai (UTC+08:00)`; by default for the reader.

    A zone without a place has its offset, such as `UTC-05:00`; `CST6CDT` is Central Time.
    """
    offset = _offset(zone, on)
    if zone == UTC:
        return _cldr(language).time_zones[UTC]["long"]["standard"] + bracketed("UTC")
    if zone.startswith("Etc/"):
        return offset
    return _place(zone, language or get_language() or "en") + bracketed(offset)


def zone_groups(zones: list[str], on: dt.date, language: str) -> dict[str, list[tuple[str, str]]]:
    """Return names and labels of zones by the name of their region, each as readers of a language expect."""
    groups: dict[str, list[tuple[str, str]]] = {_region(first, language): [] for first in REGIONS}
    offsets = sorted((zone for zone in zones if not _has_place(zone)), key=lambda zone: (zone != UTC, _shift(zone, on)))
    for zone in filter(_has_place, zones):
        groups[_region(zone.split("/")[0], language)].append((zone, zone_label(zone, on, language)))
    for listed in groups.values():
        listed.sort(key=lambda choice: reading_order(choice[1], language))
    groups[str(_("By offset from UTC"))] = [(zone, zone_label(zone, on, language)) for zone in offsets]
    return {label: listed for label, listed in groups.items() if listed}


@cache
def _place(zone: str, language: str) -> str:
    locale = _cldr(language)
    if zone in BY_ABBREVIATION:
        return str(locale.meta_zones[BY_ABBREVIATION[zone]]["long"]["generic"])
    for key in (zone, OLDER_KEYS.get(zone, zone)):
        if city := locale.time_zones.get(key, {}).get("city"):
            return str(city)
    own = NOT_IN_CLDR.get(locale.language, {}).get(zone)
    return own or zone.rsplit("/", 1)[-1].replace("_", " ")


def _region(first: str, language: str) -> str:
    label = REGIONS[first]
    return str(_cldr(language).territories.get(label, label))


def _has_place(zone: str) -> bool:
    return zone.split("/", maxsplit=1)[0] in REGIONS


def _cldr(language: str) -> Locale:
    return Locale.parse(to_locale(language or get_language() or "en"))


def _shift(zone: str, on: dt.date) -> dt.timedelta:
    noon = dt.datetime.combine(on, dt.time(12), ZoneInfo(zone))
    return noon.utcoffset() or dt.timedelta()


def _offset(zone: str, on: dt.date) -> str:
    minutes = round(_shift(zone, on).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
