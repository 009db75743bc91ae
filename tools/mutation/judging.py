"""Judge mutants by forking: a child has one fault and runs the tests that reach it until one fails.

Python starts, collects the tests and migrates a database in memory once. A fault inside a function is put into the
forked child by changing that function's code. A fault outside of functions, or in a function that already ran at
import, is left to `tools.mutation.whole`.
"""

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import pytest
from _pytest.tmpdir import tmppath_result_key

from tools.mutation.children import SURVIVED, Verdict, in_child, verdict
from tools.mutation.mutants import Mutant
from tools.mutation.whole import Databases, migrated_databases, quick_properties

Place = tuple[str, str]


class Run(NamedTuple):
    """A run of a test without a fault: its time, and the functions of mutated files that it reached."""

    passed: bool
    seconds: float
    reached: set[Place]


Baseline = dict[str, Run]


class Judge:
    """A pytest plugin that judges mutants by the tests that pytest collected."""

    def __init__(self, mutants: Iterable[Mutant], report: Callable[[Mutant, Verdict], None]) -> None:
        self.mutants = list(mutants)
        self.files = {str(Path(mutant.path).resolve()): mutant.path for mutant in self.mutants}
        self.report = report
        # The mutants left for `tools.mutation.whole` (indexes), their tests, and the time limit in seconds.
        self.left: list[int] = []
        self.tests: list[str] = []
        self.seconds = 0.0
        self.databases: Databases = {}
        self._called: set[Place] = set()

    def begin(self) -> None:
        """Start to record function calls: those before the first test belong to imports."""
        sys.setprofile(self._note_call)

    def _note_call(self, frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and (path := self.files.get(frame.f_code.co_filename)):
            self._called.add((path, _outermost(frame.f_code)))

    def pytest_configure(self) -> None:
        """Prepare hypothesis before the tests are imported."""
        quick_properties()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge mutants instead of only running the tests."""
        _set_up(session.items)
        self.databases = migrated_databases()
        sys.setprofile(None)
        at_import = self._called
        baseline = self._baseline(session.items)
        items = sorted(session.items, key=lambda item: self.tests.index(item.nodeid))
        alone = in_child(lambda: _first_failure(items), seconds=300 + 5 * self.seconds)
        assert alone == "", f"without any fault, one after the other: {alone!r}"
        functions = _functions_of(set(self.files))
        gc.freeze()
        for number, mutant in enumerate(self.mutants):
            place = (mutant.path, mutant.function)
            faulty = _faulty_code(mutant) if mutant.function and place not in at_import else None
            found = functions.get((str(Path(mutant.path).resolve()), mutant.function))
            if faulty is None or not found or any(faulty.co_freevars != f.__code__.co_freevars for f in found):
                self.left.append(number)
                continue
            reached = [item for item in items if place in baseline[item.nodeid].reached]
            self.report(mutant, _judge(found, faulty, reached, baseline))
        return True

    def _baseline(self, items: list[pytest.Item]) -> Baseline:
        """Run every test without a fault, and record the times."""
        # Each in its own child: caches of a process would hide code from later tests.
        runs = {item.nodeid: in_child(lambda item=item: self._run(item), seconds=300) for item in items}
        broken = [name for name, run in runs.items() if not isinstance(run, Run) or not run.passed]
        assert not broken, f"green tests first: {broken}"
        self.seconds = sum(run.seconds for run in runs.values())
        self.tests = _quickest_first(items, runs)
        return runs

    def _run(self, item: pytest.Item) -> Run:
        self._called = set()
        sys.setprofile(self._note_call)
        begun = time.monotonic()
        passed = not _first_failure([item])
        sys.setprofile(None)
        return Run(passed, time.monotonic() - begun, self._called)


def _set_up(items: list[pytest.Item]) -> None:
    """Set up what all tests share: both databases."""
    plain = min((item for item in items if not _commits(item)), key=lambda item: len(item.fixturenames))
    _prepare(plain)
    plain.session._setupstate.setup(plain)
    plain.session._setupstate.teardown_exact(_Behind(plain.session))
    _load_what_requests_load()


def _load_what_requests_load() -> None:
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    get_resolver().reverse_dict  # noqa: B018 - reading it imports all views
    for name in [*settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS]:
        import_string(name)
    for name in ("base.html", "settings_base.html", "admin/base_site.html"):
        get_template(name)


def _judge(found: list[FunctionType], faulty: CodeType, items: list[pytest.Item], baseline: Baseline) -> Verdict:
    def run() -> str:
        for function in found:
            function.__code__ = faulty
        return _first_failure(items)

    usual = sum(baseline[item.nodeid].seconds for item in items)
    return verdict(in_child(run, seconds=20 + 5 * usual)) if items else Verdict(SURVIVED, "no test reaches it")


def _first_failure(items: list[pytest.Item]) -> str:
    """Run tests one after the other; return the name of the first that fails, or "" without one."""
    return next((item.nodeid for item in items if not _passes(item)), "")


class _Behind:
    """A placeholder for the next test: all fixtures except those of the session are torn down."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


def _passes(item: pytest.Item) -> bool:
    """Run a test without a report, because a traceback takes longer than most tests."""
    _prepare(item)
    try:
        with suppress(pytest.skip.Exception):
            item.ihook.pytest_runtest_setup(item=item)
            item.ihook.pytest_runtest_call(item=item)
        item.ihook.pytest_runtest_teardown(item=item, nextitem=_Behind(item.session))
    except BaseException:  # noqa: BLE001 - any error means that the test noticed the fault; this process ends now
        return False
    return True


def _prepare(item: pytest.Item) -> None:
    """Do what pytest's protocol does before a test, so that it can run again."""
    item._initrequest()
    item.stash[tmppath_result_key] = {}  # a report would set it, and tmp_path reads it


def _quickest_first(items: list[pytest.Item], baseline: Baseline) -> list[str]:
    """Sort tests by time, but keep those that commit at the end, as pytest-django does."""
    ordered = sorted(items, key=lambda item: (_commits(item), baseline[item.nodeid].seconds))
    return [item.nodeid for item in ordered]


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


def _outermost(code: CodeType) -> str:
    return code.co_qualname.split(".<locals>")[0]


def _functions_of(files: set[str]) -> dict[Place, list[FunctionType]]:
    found: dict[Place, list[FunctionType]] = defaultdict(list)
    gc.unfreeze()  # tests/conftest.py freezes what it imported, and `get_objects` leaves that out
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in files:
            found[thing.__code__.co_filename, thing.__code__.co_qualname].append(thing)
    return found


def _faulty_code(mutant: Mutant) -> CodeType | None:
    """Return the code of the mutant's function with the fault; None where the fault is not in the code itself."""
    faulty, right = (_code_in(code, mutant.function) for code in (mutant.code(), _original(mutant.path)))
    return faulty if faulty is not None and right is not None and _shape(faulty) != _shape(right) else None


def _original(path: str) -> CodeType:
    return compile(Path(path).read_text(encoding="utf-8"), str(Path(path).resolve()), "exec")


def _code_in(code: CodeType, function: str) -> CodeType | None:
    for inner in _inner(code):
        if inner.co_qualname == function:
            return inner
    return None


def _inner(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inner(constant)


def _shape(code: CodeType) -> Any:
    """Return the content of a code object without its position."""
    constants = [_shape(c) if isinstance(c, CodeType) else (type(c), c) for c in code.co_consts]
    return code.co_code, repr(constants), code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
