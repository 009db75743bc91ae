"""Rows of a list as a CSV file that a spreadsheet opens safely."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from privacy.inventory.typed import half_width, without_margin

# Spreadsheets run a cell that begins with one of these as a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Without it, Excel reads the file in the computer's own encoding, and Chinese is unreadable.
BYTE_ORDER_MARK = "\ufeff"


def cell(value: Any) -> str | int | float:
    """Return a value as a cell: no mark-up, no formula; a time in the present time zone as ISO 8601 with its offset."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    text = _without_mark_up(value) if isinstance(value, SafeString) else str(value)
    return f"'{text}" if _may_be_formula(text) else text


def _may_be_formula(text: str) -> bool:
    """Whether a spreadsheet may run a text: some skip what is invisible before it, or read full-width signs."""
    return text.startswith(FORMULA_STARTS) or half_width(without_margin(text)).startswith(FORMULA_STARTS)


def lines_of(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield each row as one line of a CSV file (RFC 4180)."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def _without_mark_up(value: SafeString) -> str:
    return unescape(strip_tags(value.replace("<br>", "\n"))).rstrip("\n")


class _Echo:
    """A file that returns what is written to it: `writerow` returns what its file returns."""

    def write(self, line: str) -> str:
        return line
