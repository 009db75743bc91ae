"""`manage.py find_traces`: search all stores of the portal for the values of a person; the values are not stored."""

import sys
import time
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tools.traces.encodings import is_long_enough
from tools.traces.places import outside, places
from tools.traces.searching import Finding, Search
from tools.traces.sources import Unseen

FOUND, NOT_EVERYWHERE = 1, 2
MEGA = 1_000_000


class Command(BaseCommand):
    """Prints the places of a person's values, never the values."""

    help = (
        "Search dumps, data files, logs, Redis, media and queues for values from standard input, one per line, in "
        "every encoding. Prints where they are, never the values. Exit status: 0 nothing found, 1 found, 2 not "
        "everything could be searched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add folders to search; no values, which the list of processes would show."""
        parser.add_argument(
            "--also",
            type=Path,
            action="append",
            default=[],
            metavar="PATH",
            help="also search a folder or file, such as backups and archived logs; can be repeated",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Search every place and print the findings."""
        if missing := [str(path) for path in options["also"] if not path.exists()]:
            raise CommandError(f"Not found: {', '.join(missing)}.", returncode=NOT_EVERYWHERE)
        values = self._asked_for()
        search = Search.for_values(values)
        found = unseen = 0
        for folder in outside():
            self.stderr.write(f"Not searched: {folder}, the outbox of a trial.")
        for name, place in places(options["also"]):
            for result in self._reported(name, search, search.results(place)):
                self.stdout.write(_finding(result) if isinstance(result, Finding) else _unseen(result))
                found += isinstance(result, Finding)
                unseen += isinstance(result, Unseen)
        self.stdout.write(
            f"{found} traces of {len(values)} values in {search.read / MEGA:,.1f} MB; "
            f"{unseen} places could not be searched."
        )
        if found or unseen:
            sys.exit(FOUND if found else NOT_EVERYWHERE)

    def _asked_for(self) -> dict[int, str]:
        """Return the values by line number. Raises `CommandError` without any."""
        given = dict(enumerate(_lines(), start=1))
        values = {line: value for line, value in given.items() if is_long_enough(value)}
        for line in sorted(given.keys() - values.keys()):
            if given[line]:
                self.stderr.write(f"Line {line} skipped: values shorter than four bytes match by chance.")
        if not values:
            raise CommandError("Pass the values on standard input, one per line.", returncode=NOT_EVERYWHERE)
        return values

    def _reported(
        self, name: str, search: Search, results: Iterator[Finding | Unseen | None]
    ) -> Iterator[Finding | Unseen]:
        """Yield the results of one place, and print the progress."""
        begun = said = time.monotonic()
        before = search.read
        for result in results:
            if result is not None:
                yield result
            elif self.stderr.isatty() and time.monotonic() - said > 1:
                said = time.monotonic()
                self.stderr.write(f"\r{name}: {(search.read - before) / MEGA:,.0f} MB ", ending="")
                self.stderr.flush()
        line = f"{name}: {(search.read - before) / MEGA:,.1f} MB in {time.monotonic() - begun:.1f} s"
        self.stderr.write(f"\r{line}" if self.stderr.isatty() else line)


def _lines() -> list[str]:
    """Read the values; typed ones are not echoed, because a terminal keeps its output."""
    if not sys.stdin.isatty():
        return _decoded(sys.stdin.buffer.read())
    values: list[str] = []
    while value := getpass(f"Value {len(values) + 1}, not shown; leave empty to start the search: "):
        values.append(value)
    return values


def _decoded(given: bytes) -> list[str]:
    try:
        return [line.strip() for line in given.decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError as error:
        line = given.count(b"\n", 0, error.start) + 1
        raise CommandError(f"Line {line} is not UTF-8.", returncode=NOT_EVERYWHERE) from None


def _finding(found: Finding) -> str:
    chance = " (short, may be a coincidence)" if found.may_be_chance else ""
    return f"Line {found.line} found in {found.label}, byte {found.offset}, as {found.encoding}{chance}"


def _unseen(unseen: Unseen) -> str:
    return f"Not searched: {unseen.label} {unseen.why}"
