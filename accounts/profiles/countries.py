"""Time zones (IANA); names of countries are in `privacy`."""

from collections.abc import Iterator
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.jurisdictions.time_zones import zones_by_country
from privacy.jurisdictions.tzdata_files import tzdata_lines

# IANA's name for an unset zone.
PLACEHOLDER = "Factory"


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
    """Return every zone that `clean_time_zone` returns: those in IANA's list of countries, then the others."""
    return [*sorted(_listed_zones()), *sorted(_primary_zones() - _listed_zones(), key=lambda zone: zone != "Etc/UTC")]


@cache
def _listed_zones() -> frozenset[str]:
    return frozenset(zone for zones in zones_by_country().values() for zone in zones)


@cache
def _primary_zones() -> frozenset[str]:
    return frozenset(line.split()[1] for line in tzdata_lines("tzdata.zi") if line.startswith("Z ")) - {PLACEHOLDER}


@cache
def _aliases() -> dict[str, str]:
    return {alias: target for kind, target, alias in map(str.split, _links())}


def _links() -> Iterator[str]:
    return (line for line in tzdata_lines("tzdata.zi") if line.startswith("L "))
