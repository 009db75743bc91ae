"""Countries and regions (ISO 3166-1) and the time zones of each (IANA)."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from privacy.jurisdictions.countries import KOSOVO, country_codes

# Lists in mainland China use these names; CLDR does not. An operator may change them.
CHINESE_NAMES = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}


# GB 2312 orders common characters by pinyin, but rarer ones by radicals: these sort as a common one of equal sound.
LIKE_SOUNDING = {"瑙": "脑", "梵": "饭", "斐": "匪", "汶": "问"}
# IANA's tables have no line for Kosovo, which uses Serbia's zone.
ZONES_AS = {KOSOVO: "RS"}
# IANA's name for an unset zone.
PLACEHOLDER = "Factory"


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Return every code with its name in a language (CLDR), sorted as that language's readers expect."""
    locale = Locale.parse(to_locale(language))
    names = {code: locale.territories.get(code, code) for code in country_codes()}
    if locale.language == "zh":
        return sorted((names | CHINESE_NAMES).items(), key=lambda item: _by_pinyin(item[1]))
    return sorted(names.items(), key=lambda item: item[1].casefold())


def _by_pinyin(name: str) -> tuple[bool, bytes]:
    """Order names as Chinese readers expect: those of China first, then by pinyin (GB 2312)."""
    return not name.startswith("中国"), "".join(LIKE_SOUNDING.get(sign, sign) for sign in name).encode("gb18030")


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language."""
    return dict(countries(get_language() or "en")).get(code, code)


def zones_of(country: str) -> list[str]:
    """Return the time zones of a country, as IANA lists them."""
    return _zones_by_country().get(ZONES_AS.get(country, country), [])


def clean_time_zone(text: str) -> str:
    """Return the canonical name of a time zone: `PRC` is `Asia/Shanghai`. Raises `ValidationError`."""
    name = text.strip()
    aliases = _aliases()
    if name in _listed_zones() or name in _primary_zones():
        return name
    if name in aliases:
        return clean_time_zone(aliases[name])
    raise ValidationError(_("Choose a time zone from the list."), "invalid_time_zone")


def all_zones() -> list[str]:
    """Return the time zones in IANA's list of countries, and UTC."""
    return [*sorted(_listed_zones()), "Etc/UTC"]


@cache
def _zones_by_country() -> dict[str, list[str]]:
    """A country's own zones (zone.tab), then those that it shares with others since 1970 (zone1970.tab)."""
    zones: dict[str, dict[str, None]] = defaultdict(dict)
    for table in ("zone.tab", "zone1970.tab"):
        for line in _lines(table):
            countries_of_line, _place, zone, *_comment = line.split("\t")
            for country in countries_of_line.split(","):
                zones[country][zone] = None
    return {country: list(names) for country, names in zones.items()}


@cache
def _listed_zones() -> frozenset[str]:
    return frozenset(zone for zones in _zones_by_country().values() for zone in zones)


@cache
def _primary_zones() -> frozenset[str]:
    return frozenset(line.split()[1] for line in _lines("tzdata.zi") if line.startswith("Z ")) - {PLACEHOLDER}


@cache
def _aliases() -> dict[str, str]:
    return {alias: target for kind, target, alias in map(str.split, _links())}


def _links() -> Iterator[str]:
    return (line for line in _lines("tzdata.zi") if line.startswith("L "))


def _lines(name: str) -> list[str]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
