"""Judge a mutant by importing the whole project with the fault in its file, for code that runs at import."""

import importlib
import importlib.machinery
import sqlite3
from contextlib import closing
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import pytest

from tools.mutation.children import Verdict, in_child, verdict
from tools.mutation.mutants import Mutant

Databases = dict[str, bytes]
# No rewriting of asserts, whose messages are not read: it saves parsing every test module.
OPTIONS = ["-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider"]
OPTIONS += ["-p", "no:anyio", "-p", "no:unraisableexception", "-p", "no:threadexception"]
# Third-party modules that take long to import and read no settings.
PRELOADED = ["celery.app.base", "cryptography.hazmat.primitives.ciphers.aead", "django.core.serializers.json"]
PRELOADED += ["django.db.models", "django.http", "django.urls", "psycopg", "requests", "schemathesis"]


def preload() -> None:
    """Import modules that every child needs and that do not change."""
    for name in PRELOADED:
        importlib.import_module(name)


def judge_whole(mutant: Mutant | None, tests: list[str], seconds: float, databases: Databases) -> Verdict:
    """Judge a mutant, or none, in a child that imports the whole project with the fault in its file."""

    def run() -> str:
        if mutant:
            _put_into_file(mutant)
        if not mutant or not mutant.path.endswith("router.py"):  # it decides which database is migrated
            _copy_instead_of_migrating(databases)
        failures = _Failures()
        status = pytest.main(["-x", *OPTIONS, *tests], plugins=[failures])
        return failures.first or ("" if status == pytest.ExitCode.OK else f"pytest: {status.name}")

    return verdict(in_child(run, seconds=seconds))


def migrated_databases() -> Databases:
    """Return the content of the migrated databases in memory."""
    from django.db import connections

    return {alias: connections[alias].connection.serialize() for alias in connections}


def quick_properties() -> None:
    """Make Hypothesis deterministic, without shrinking: any failing example is enough."""
    quick = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True, phases=quick)
    hypothesis.settings.load_profile("mutants")


class _Failures:
    """Records the first test that failed."""

    first = ""

    def pytest_configure(self) -> None:
        quick_properties()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.first = self.first or report.nodeid


def _put_into_file(mutant: Mutant) -> None:
    load, path, code = importlib.machinery.SourceFileLoader.get_code, str(Path(mutant.path).resolve()), mutant.code()

    def get_code(self: Any, fullname: str) -> CodeType | None:
        return code if self.path == path else load(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code


def _copy_instead_of_migrating(databases: Databases) -> None:
    from django.core.management.commands import migrate
    from django.db import connections

    def copy(_command: object, *_args: object, **options: Any) -> None:
        with closing(sqlite3.connect(":memory:")) as migrated:
            migrated.deserialize(databases[options["database"]])
            connections[options["database"]].ensure_connection()
            migrated.backup(connections[options["database"]].connection)

    migrate.Command.handle = copy
