"""The habits of the project's folder agree with each other."""

import re

import pytest
import yaml
from django.conf import settings

pytestmark = pytest.mark.embedded

ROOT = settings.BASE_DIR
VERSION = re.compile(r"^## ([\d.]+|Unreleased)(?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
CATEGORIES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_hooks_before_a_commit_run_what_make_check_runs():
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == commands


def test_the_changelog_begins_with_what_is_unreleased_and_ends_with_dated_versions():
    (newest, date), *released = VERSION.findall((ROOT / "CHANGELOG.md").read_text())
    assert (newest, date) == ("Unreleased", "")
    assert released
    assert [version for version, date in released if not date] == []
    assert f'version = "{released[0][0]}"' in (ROOT / "pyproject.toml").read_text()


def test_the_changelog_sorts_by_the_six_categories():
    headings = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings
    assert set(headings) <= CATEGORIES


def test_every_test_that_make_complete_runs_is_there():
    named = re.findall(r"\btests/[\w/]+\.py", (ROOT / "Makefile").read_text())
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
