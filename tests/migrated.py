"""Databases that were migrated, made once: tests load them, and portals of their own begin with a copy."""

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "migrated"
KEPT_SECONDS = 24 * 60 * 60
FILES = {"default": "portal.sqlite3", "keys": "keys.sqlite3"}


@functools.cache
def migrated_folder() -> Path:
    """Return a `PORTAL_VAR` whose databases of SQLite are migrated; one process makes it, and others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / _version()
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for other in FOLDER.glob("*/"):
                if time.time() - other.stat().st_mtime > KEPT_SECONDS:  # else another run may still copy it
                    shutil.rmtree(other)
            _make(made)
    return made


def copied_to(folder: Path) -> Path:
    """Make a folder the `PORTAL_VAR` of a portal of its own, and return it."""
    shutil.copytree(migrated_folder(), folder, dirs_exist_ok=True)
    return folder


def load_into_memory(alias: str) -> sqlite3.Connection:
    """Fill the database that Django makes for tests; it stays as long as the connection."""
    held = sqlite3.connect(f"file:memorydb_{alias}?mode=memory&cache=shared", uri=True)
    with closing(sqlite3.connect(migrated_folder() / FILES[alias])) as migrated:
        migrated.backup(held)
    return held


def _version() -> str:
    """Return the hash of all code that may say what is in a new database."""
    digest = hashlib.sha256(sys.version.encode())
    code = [file for package in ("accounts", "portal", "privacy") for file in (ROOT / package).rglob("*.py")]
    for file in sorted([ROOT / "requirements.txt", *code]):
        digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:20]


def _make(folder: Path) -> None:
    making = folder.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)  # of a run that was killed
    environment = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(making), "PORTAL_ENV": "embedded"}
    subprocess.run([sys.executable, "-m", "tests.migrated"], env=environment, cwd=ROOT, check=True)
    for name in FILES.values():
        with closing(sqlite3.connect(making / name)) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # what is in memory has no write-ahead log
    making.rename(folder)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    for alias in ("keys", "default"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable", verbosity=0)
