"""PostgreSQL's write-ahead log without the page headers, which split values."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.traces.sources import DAMAGED, CannotRead, Source, reason

PAGE = 8192
FIRST_HEADER, HEADER = 40, 24
PAGES_AT_ONCE = 128
SEGMENT = re.compile(r"[0-9A-F]{24}(\.partial)?")


def is_segment(path: Path) -> bool:
    """Whether a file is a segment of the log."""
    return path.parent.name == "pg_wal" and SEGMENT.fullmatch(path.name) is not None


def segment(label: str, path: Path) -> Source:
    """Return one segment of the log."""
    return Source(f"{label}: {path}", _records(path), original=_in_file)


def _records(path: Path) -> Iterator[bytes]:
    header = FIRST_HEADER
    try:
        with path.open("rb") as file:
            while pages := file.read(PAGE * PAGES_AT_ONCE):
                rest = pages[header:PAGE]
                yield rest + b"".join(pages[at + HEADER : at + PAGE] for at in range(PAGE, len(pages), PAGE))
                header = HEADER
    except FileNotFoundError:  # the server recycled it: its content has a new name, or is overwritten
        return
    except DAMAGED as error:
        raise CannotRead(reason(error)) from None


def _in_file(offset: int) -> int:
    page, within = divmod(offset + FIRST_HEADER - HEADER, PAGE - HEADER)
    return page * PAGE + HEADER + within
