"""Sets the environment of a test run before Django reads it; loaded as a pytest plugin."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

T = TypeVar("T")
# Programs beside this Python are found without activating its environment.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
# pytest-xdist runs tests in several processes, each with a folder and, of the sixteen, a database of Redis of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if WORKER or "PORTAL_VAR" not in os.environ:
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-tests-")
if WORKER and "REDIS_URL" in os.environ:
    server, _slash, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{(int(number) - int(WORKER)) % 16}"
# WhiteNoise warns where there is no such folder, and a warning is an error here.
Path(os.environ["PORTAL_VAR"], "static").mkdir(parents=True, exist_ok=True)
# Processes that tests start would compile the portal each time; pytest would compile its own tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ.setdefault("PORTAL_ENV", "development" if "DATABASE_URL" in os.environ else "embedded")
os.environ.setdefault("RATE_LIMITS", "off")
os.environ.setdefault("PASSWORD_COST", "low")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the database's calls


def compile_stale(catalogues: Iterable[Path]) -> list[Path]:
    """Compile each catalogue that is newer than its compiled file, or has none; return the compiled files written."""
    written = []
    for catalogue in catalogues:
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        with catalogue.open("rb") as source, tempfile.NamedTemporaryFile(dir=compiled.parent, delete=False) as target:
            write_mo(target, read_po(source, locale=catalogue.parts[-3]))
        # A portal that runs meanwhile reads the former file or this one, never a part.
        Path(target.name).chmod(0o644)
        Path(target.name).replace(compiled)
        written.append(compiled)
    return written


# The processes of pytest-xdist start after this one.
if not WORKER:
    compile_stale(Path(__file__).resolve().parents[1].glob("locale/*/LC_MESSAGES/django.po"))

# The address of PostgreSQL without a database, where tests run on it.
SERVER = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
SHARED = Path(__file__).resolve().parents[2] / "shared"
# The shell without windows takes a third less of the processor; both come from Debian.
CHROMIUMS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
CHROMIUM = Path(os.environ.get("CHROMIUM", next((found for found in CHROMIUMS if found.exists()), CHROMIUMS[-1])))
CAN_GENERATE_CLIENTS = all(shutil.which(name) for name in ("java", "npm", "openapi-generator-cli"))
IN_CI = bool(os.environ.get("CI"))
# Large portals are broken, and what takes minutes is run, where this is set.
IS_FULL = os.environ.get("FAULTS") == "full"
# Where this is set, tests try many examples, and each of many inputs of a kind.
IS_THOROUGH = IS_FULL or os.environ.get("LONG_TESTS") == "on"
# `.ci/run` tests on PostgreSQL and Redis, too. Here it repeats the first of those tests of each file.
IS_BESIDE_SERVERS = os.environ.get("LONG_TESTS") == "embedded"
# Long tests run in `.ci/run`, too, once.
IS_LONG = IS_THOROUGH or IS_BESIDE_SERVERS


def examples(few: int, many: int) -> int:
    """Return how many examples to try: the many where tests are thorough."""
    return many if IS_THOROUGH else few


def some(*inputs: T) -> tuple[T, ...]:
    """Return inputs of a kind that others stand for: all where tests are thorough, else none."""
    return inputs if IS_THOROUGH else ()
