"""Reads files of reviewed data that the operator may replace by a variable."""

import tomllib
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env
from privacy.inventory.optional_purposes import read_optional_purposes
from privacy.inventory.purposes import Purpose


def codes_in(name: str, file: str) -> list[str]:
    """Return the codes of a file of jurisdictions; `name` is the variable that names the file."""
    try:
        found = list(tomllib.loads(Path(file).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of jurisdictions; {file!r}: {error}.") from None
    if not found:
        raise ImproperlyConfigured(f"{name} must name a TOML file of jurisdictions; {file!r} has none.")
    return found


def optional_purposes(name: str, folder: Path) -> tuple[Purpose, ...]:
    """Return the purposes in the file that the variable `name` names, else in the one of `folder`."""
    file = env.str(name, default=str(folder / "optional_purposes.toml"))
    try:
        return read_optional_purposes(file)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a TOML file of optional purposes; {file!r}: {error}.") from None
