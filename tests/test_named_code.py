"""The documents name files, folders, modules and objects that exist."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.embedded

ROOT: Path = settings.BASE_DIR
TOPS = sorted({path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - {"var"})
# What CHANGELOG.md names may be gone.
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *ROOT.glob("docs/**/*.md")])
QUOTED = re.compile(r"`([^`\n]+)`")
OF_THE_PROJECT = re.compile(rf"(?:{'|'.join(TOPS)})/[\w./*-]*")
FILE = re.compile(r"[\w/-]+\.(?:py|toml|html|txt|yaml|yml|conf|md)")
DOTTED = re.compile(r"(?:accounts|portal|privacy|tests|tools)(?:\.\w+)+")
# What the reader makes, and what only looks like the name of a file or a module.
OTHER = (
    "NAME.",
    "privacy/complaints",
    "templates/admin/privacy/complaint",
    "templates/privacy/complaints",
    "tests/accounts/profiles/test_department.py",
    "tests/privacy/complaints",
    "deploy/secrets",
    "locale/de/",
    "my-data-DATE.html",
    "portal.env",
    "privacy.example.com",
)
SYSTEM_CHECK = re.compile(r"(?:accounts|privacy|portal)\.[EW]\d+")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_what_exists(page: Path):
    words = [word for quoted in QUOTED.findall(_without_examples(page)) for word in quoted.split()]
    assert [word for word in words if not _exists(word.rstrip(".,:"))] == []


def test_something_is_named():
    named = [
        quoted for page in PAGES for quoted in QUOTED.findall(page.read_text()) if OF_THE_PROJECT.fullmatch(quoted)
    ]
    assert len(named) > 100


def _without_examples(page: Path) -> str:
    """Return a page without its blocks of commands and code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _exists(word: str) -> bool:
    path = word.partition("::")[0].rstrip("/")
    if path.startswith(OTHER) or SYSTEM_CHECK.fullmatch(path):
        return True
    if OF_THE_PROJECT.fullmatch(path):
        return any(ROOT.glob(path)) or any((ROOT / "tests").glob(path))
    if FILE.fullmatch(path):
        return (ROOT / path).exists() or any(f"/{file}".endswith(f"/{path}") for file in _files())
    return _can_be_imported(word) if DOTTED.fullmatch(word) else True


@cache
def _files() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for top in TOPS for path in (ROOT / top).rglob("*.*")]


def _can_be_imported(dotted: str) -> bool:
    """Whether a dotted name leads to a module, or to an object in one."""
    module, _dot, rest = dotted, "", ""
    while module:
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            module, _dot, last = module.rpartition(".")
            rest = f"{last}.{rest}".rstrip(".")
            continue
        for name in filter(None, rest.split(".")):
            found = getattr(found, name, None)
        return found is not None
    return False
