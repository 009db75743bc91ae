"""Folders: every file, its packed content, and the tables of SQLite files."""

import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from tools.traces import sqlite
from tools.traces.packed import looked_into
from tools.traces.sources import Place, Unseen, reason


def folder(
    label: str, top: Path, *, without: Collection[Path] = (), only: Callable[[Path], bool] = lambda _path: True
) -> Place:
    """Yield every file below a folder, or the file itself, except those below `without`."""
    problems: list[OSError] = []
    for path in _files(top, {path.resolve() for path in without}, problems):
        if only(path):
            yield from one_file(label, path)
    for problem in problems:
        yield Unseen(f"{label}: {problem.filename}", reason(problem))


def one_file(label: str, path: Path) -> Place:
    """Yield a file and its packed content. A file that was deleted meanwhile is skipped."""
    name = f"{label}: {path}"
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return
        with path.open("rb") as file:
            yield from looked_into(name, file)
        if sqlite.is_database(path):
            yield from sqlite.tables(name, path)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Unseen(name, reason(error))


def _files(top: Path, without: set[Path], problems: list[OSError]) -> Iterator[Path]:
    """Follow links, but visit each folder once. A folder that was deleted meanwhile is skipped."""

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            problems.append(error)

    if not top.is_dir():
        yield top
        return
    seen: set[Path] = set()
    for here, folders, names in os.walk(top, onerror=note, followlinks=True):
        real = Path(here).resolve()
        if real in seen or real in without:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(here, name) for name in sorted(names))
