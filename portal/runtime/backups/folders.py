"""The folders of backups: each appears complete, has a manifest, and is deleted after its time."""

import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%SZ"
PARTIAL = ".partial"


class BackupNotFound(Exception):
    """There is no complete backup of this name, or a file of it was changed."""


class BackupUnderWay(Exception):
    """Another process is making a backup in this folder: wait until it ends."""


def make(parent: Path, fill: Callable[[Path], dict[str, Any]]) -> Path:
    """Make a backup: `fill` writes the files and returns the manifest. Return the folder.

    First deletes the rest of a backup that was killed, which `prune` does not find. Raises `BackupUnderWay`.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time(parent):
        for stale in parent.glob(f".*{PARTIAL}"):
            shutil.rmtree(stale)
        return _make(parent, fill)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a backup."""
    details: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return details


def find(parent: Path, name: str = "") -> Path:
    """Return a backup by its name, or the newest. Raises `BackupNotFound` where it is missing or damaged."""
    folders = [folder for _made, folder in _all(parent)]
    if not folders:
        what = "no complete backup in it" if parent.is_dir() else "no such folder"
        raise BackupNotFound(f"{parent}: {what}. Name the folder in which manage.py backup made one.")
    chosen = parent / name if name else folders[-1]
    if chosen not in folders:
        there_are = ", ".join(folder.name for folder in folders)
        raise BackupNotFound(f"There is no complete backup {name} in {parent}. There are: {there_are}.")
    for file, digest in manifest_of(chosen)["sha256"].items():
        if not (chosen / file).is_file() or _digest(chosen / file) != digest:
            raise BackupNotFound(f"{chosen / file} is missing or was changed since the backup was made.")
    return chosen


def prune(parent: Path, keep: dt.timedelta) -> list[Path]:
    """Delete the backups that are older than `keep`, except the newest; return the deleted ones."""
    old = [folder for made, folder in _all(parent)[:-1] if made < dt.datetime.now(dt.UTC) - keep]
    for folder in old:
        shutil.rmtree(folder)
    return old


def _make(parent: Path, fill: Callable[[Path], dict[str, Any]]) -> Path:
    now = dt.datetime.now(dt.UTC)
    while (parent / f"{now:{STAMP}}").exists():
        now += dt.timedelta(seconds=1)
    draft = parent / f".{now:{STAMP}}{PARTIAL}"
    draft.mkdir(mode=0o700)
    try:
        details = fill(draft)
        files = {path.name: _digest(path) for path in sorted(draft.iterdir())}
        manifest = {"made_at": now.isoformat(timespec="seconds"), "sha256": files, **details}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        for path in draft.iterdir():
            path.chmod(0o600)
        return draft.rename(parent / f"{now:{STAMP}}")
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextmanager
def _one_at_a_time(parent: Path) -> Iterator[None]:
    descriptor = os.open(parent / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupUnderWay(f"Another backup is being made in {parent}: let it finish.") from None
    finally:
        os.close(descriptor)


def _all(parent: Path) -> list[tuple[dt.datetime, Path]]:
    return sorted(_complete(parent))


def _complete(parent: Path) -> Iterator[tuple[dt.datetime, Path]]:
    for manifest in parent.glob(f"*/{MANIFEST}"):
        with suppress(ValueError):
            yield dt.datetime.strptime(manifest.parent.name, STAMP).replace(tzinfo=dt.UTC), manifest.parent


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
