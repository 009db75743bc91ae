"""The operator's own search (`tools.traces`), as tests ask for it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import psycopg

from tools.traces.folders import folder
from tools.traces.packed import TABLE
from tools.traces.programs import output_of
from tools.traces.searching import Finding, Search
from tools.traces.sources import Place, Source, Unseen
from tools.traces.write_ahead_log import is_segment, segment


def traces(place: Iterable[Source | Unseen | tuple[str, bytes]], values: Iterable[str]) -> list[str]:
    """Return a line for each value found: which, where, and as what. What could not be searched is a line, too."""
    named = dict(enumerate(values, start=1))
    return [_line(result, named) for result in Search.for_values(named).results(_sources(place)) if result is not None]


def files_below(*folders: Path, without: Sequence[Path] = ()) -> Place:
    """Yield every file below some folders."""
    for top in folders:
        yield from folder("file", top, without=without)


def postgres_dump(url: str) -> Place:
    """Yield an SQL dump of a PostgreSQL database."""
    yield Source("dump", output_of(["pg_dump", "--dbname", url], {}), heading=TABLE)


def postgres_files(url: str, since: float) -> Place:
    """Yield the data files, write-ahead log and server log of a local PostgreSQL that changed since a time.

    The server is shared: what others wrote meanwhile is searched with it. Reads the files directly.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        data = Path(connection.execute("SHOW data_directory").fetchone()[0])
    for top in (data, Path("/var/log/postgresql")):
        yield from folder("server", top, only=lambda path: _changed(path, since) and not is_segment(path))
    for path in (data / "pg_wal").iterdir():
        if is_segment(path) and _changed(path, since):
            yield segment("server", path)


def _changed(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime >= since
    except FileNotFoundError:  # PostgreSQL recycles files while we look
        return False


def _sources(place: Iterable[Source | Unseen | tuple[str, bytes]]) -> Iterator[Source | Unseen]:
    for item in place:
        yield Source(item[0], [item[1]]) if isinstance(item, tuple) else item


def _line(result: Finding | Unseen, values: dict[int, str]) -> str:
    if isinstance(result, Unseen):
        return f"not searched: {result.label} {result.why}"
    return f"{values[result.line]!r} in {result.label} at {result.offset} as {result.encoding}"
