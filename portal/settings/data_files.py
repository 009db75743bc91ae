"""Reads files of reviewed data that the operator may replace by a variable."""

import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env
from privacy.inventory.optional_purposes import read_optional_purposes
from privacy.inventory.purposes import Purpose
from privacy.jurisdictions.country_facts import CountryFacts, read_countries
from privacy.jurisdictions.country_keys import CountriesMalformed
from privacy.rights.answering.answer_templates import AnswersMalformed, AnswerTemplate, read_answer_templates


def codes_in(name: str, file: str) -> list[str]:
    """Return the codes of a file of jurisdictions; `name` is the variable that names the file."""
    try:
        found = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of jurisdictions; {file!r}: {error}.") from None
    if not found:
        raise ImproperlyConfigured(f"{name} must name a TOML file of jurisdictions; {file!r} has none.")
    for code, table in found.items():
        if not _is_time_zone(zone := table.get("time_zone") if isinstance(table, dict) else None):
            raise ImproperlyConfigured(
                f"{name}, {code}, time_zone, must be that of the controller, such as Europe/Belgrade; it is {zone!r}."
            )
    return list(found)


def countries(name: str) -> dict[str, CountryFacts]:
    """Return the facts of each country: those that ship, corrected by the file that the variable `name` names."""
    file = env.str(name, default="")
    try:
        return read_countries(file)
    except CountriesMalformed as error:
        raise ImproperlyConfigured(f"{name}, {error}.") from None
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of countries; {file!r}: {error}.") from None


def answer_templates(name: str) -> dict[str, AnswerTemplate]:
    """Return the templates of answers in the file that the variable `name` names, else those that ship."""
    file = env.str(name, default="")
    try:
        return read_answer_templates(file)
    except AnswersMalformed as error:
        raise ImproperlyConfigured(f"{name}, {error}.") from None
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of templates; {file!r}: {error}.") from None


def optional_purposes(name: str, folder: Path) -> tuple[Purpose, ...]:
    """Return the purposes in the file that the variable `name` names, else in the one of `folder`."""
    file = env.str(name, default=str(folder / "optional_purposes.toml"))
    try:
        return read_optional_purposes(file)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of optional purposes; {file!r}: {error}.") from None


def _is_time_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (OSError, ValueError, LookupError):
        return False
