"""The documentation lists every variable that the portal reads, once and with its default, and every package."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from portal.settings.environment import FROM_FILES

pytestmark = pytest.mark.embedded

ARCHITECTURE = settings.BASE_DIR / "docs" / "architecture.md"
PAGE = settings.BASE_DIR / "docs" / "configuration.md"
CODE = [*(settings.BASE_DIR / "portal").rglob("*.py")]
VARIABLE = re.compile(r"[A-Z][A-Z_]{3,}")
# Modules and objects of `portal` that read a variable, whose name is the first argument; `environ` is the system's.
READERS = {"env", "environment", "addresses", "databases", "data_files", "brand_values", "environ"}
READING_NAMES = {"duration", "switch", "optional_secret"}
SECRETS = {"secret", "optional_secret"}
MADE_BY_DJANGO = {"management", "migrations", "templatetags"}
SHOWN_DEFAULT = {"whole_number", "duration", "lifetime", "choice"}


def reads() -> Iterator[tuple[str, str, str | None]]:
    """Yield each variable that is read, by which function, and with which default where that is written out."""
    for file in CODE:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name, reader = call.args[0].value, ast.unparse(call.func).split(".")
                is_read = reader[-1] in READING_NAMES or (len(reader) > 1 and reader[-2] in READERS)
                if isinstance(name, str) and VARIABLE.fullmatch(name) and is_read and reader[-1] != "setdefault":
                    yield name, reader[-1], _default(reader[-1], call.args)


def rows() -> list[tuple[list[str], str]]:
    """Return of each row of the page the variables, and the cell of the default.

    A variable that names a file may be in the cell of the meaning.
    """
    cells = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    name = VARIABLE.pattern
    return [
        (re.findall(rf"`({name})`", cell[1]) + re.findall(rf"`({name}_FILE)`", cell[3]), cell[2].strip())
        for cell in cells
    ]


def test_each_variable_that_is_read_has_one_row_and_no_other_has_any():
    read = list(reads())
    from_files = {*FROM_FILES, *(name for name, reader, _default in read if reader in SECRETS)}
    assert {"SECRET_KEY", "AWS_ACCESS_KEY_ID", "PORT", "SWEEP_EVERY"} <= {name for name, _reader, _default in read}
    expected = {name for name, _reader, _default in read} | {f"{name}_FILE" for name in from_files}
    assert sorted(name for names, _default in rows() for name in names) == sorted(expected)


def test_a_default_on_the_page_is_the_one_in_the_settings():
    written = {name: default for name, _reader, default in reads() if default}
    assert len(written) > 20
    documented = {}
    for names, shown in rows():
        # One default for each of several names; behind a semicolon stands an exception.
        documented |= dict(zip(names, re.findall(r"`([^`]+)`", shown.split(";")[0]), strict=False))
    assert {name: documented.get(name) for name in written} == written


@pytest.mark.parametrize("app", ["accounts", "privacy", "portal"])
def test_every_package_is_in_the_architecture(app: str):
    packages = {path.parent.name for path in (settings.BASE_DIR / app).glob("*/__init__.py")} - MADE_BY_DJANGO
    assert packages
    page = ARCHITECTURE.read_text(encoding="utf-8")
    missing = sorted(f"`{app}/{name}`" for name in packages if f"`{app}/{name}`" not in page)
    assert missing == [], f"Describe each in a row of docs/architecture.md: {', '.join(missing)}."


def _default(reader: str, args: list[ast.expr]) -> str | None:
    is_shown = reader in SHOWN_DEFAULT and len(args) > 1 and isinstance(args[1], ast.Constant)
    return str(args[1].value) if is_shown else None
