"""What the documents name is there, and what they list is whole."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.embedded

ROOT = settings.BASE_DIR
SECURITY = (ROOT / "docs" / "security.md").read_text()
# How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0.0 has; their numbers begin at 1 without a gap.
# Chapters 9, 10 and 17 do not apply as a whole.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
STATES = ("met", "met, no test", "not applicable", "not met")


def asvs_rows() -> list[tuple[list[str], str, str]]:
    """Each row of the lists of requirements: its numbers, its state, and where or why."""
    rows = re.findall(r"^\| ([\d., ]+) \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", SECURITY, re.MULTILINE)
    return [(numbers.split(", "), state, where) for numbers, state, where in rows]


@cache
def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_is_in_the_list_once():
    listed = [number for numbers, _state, _where in asvs_rows() for number in numbers]
    assert listed == [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]


def test_every_requirement_has_a_state_and_says_where_or_why():
    assert [row for row in asvs_rows() if row[1] not in STATES or not row[2].strip()] == []
    met = [(numbers, where) for numbers, state, where in asvs_rows() if state == "met"]
    shown = re.compile(r"`|\]\(|\* above|\babove\b|\bas \d|^there ")
    assert [row for row in met if not shown.search(row[1])] == []


def test_the_sums_are_those_of_the_list():
    counted = Counter(state.partition(",")[0] for numbers, state, _where in asvs_rows() for _number in numbers)
    said = {state: int(number) for number, state in re.findall(r"(\d+) (met|not applicable|not met)\b", SECURITY)}
    assert said == counted


def test_every_test_and_file_that_the_list_of_requirements_names_is_there():
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)(?:::(\w+))?`", SECURITY)
    assert len(named) > 100
    missing = []
    for path, function in named:
        found = [place / path for place in (ROOT / "tests", ROOT) if (place / path).exists()]
        if not found or (function and function not in functions_of(found[0])):
            missing.append((path, function))
    assert missing == []


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path: Path):
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_no_variable_is_explained_twice():
    text = (ROOT / "docs" / "configuration.md").read_text()
    rows = [cells.split("|")[1] for cells in re.findall(r"^\| `.*$", text, re.MULTILINE)]
    assert [cell for cell, times in Counter(rows).items() if times > 1] == []


def test_a_clause_is_named_with_the_policy_that_has_it():
    """A number belongs to one version of a policy; another operator's may say something else there."""
    in_brackets = r"\((?:clauses? )?D?[1-9]\.\d(?:\.\d+)?[,;)]"
    in_a_sentence = r"\b(?:grounds|exceptions|[Cc]lause) (?:of )?D?\d\.\d"
    bare = re.compile(f"(?:{in_brackets}|{in_a_sentence})(?!.*sample policy)")
    files = [path for top in ("accounts", "privacy", "portal", "docs") for path in (ROOT / top).rglob("*.*")]
    texts = [path for path in files if path.suffix in (".py", ".md", ".toml") and "migrations" not in path.parts]
    of_tools = {ROOT / "docs" / "security.md"}  # it has versions of tools in brackets
    files = [ROOT / "CHANGELOG.md", ROOT / "README.md", *set(texts) - of_tools]
    assert [
        f"{path.name}: {line}" for path in files for line in path.read_text().splitlines() if bare.search(line)
    ] == []
