"""The tables of the package `tzdata`: countries (ISO 3166-1) and time zones (IANA)."""

from importlib.resources import files


def tzdata_lines(name: str) -> list[str]:
    """Return the lines of a table, such as `zone.tab`, without empty ones and comments."""
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
