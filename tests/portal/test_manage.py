"""`manage.py` says what is missing where it is run too early, or by another Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.embedded

MANAGE = settings.BASE_DIR / "manage.py"
IMPORT = ("import_policy", "policy.md", "--jurisdiction", "cn", "--version", "1", "--language", "en")
OTHERS = ("create_staff", "rotate_master_key", "publish_sample_policies")


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


def refused(*command: str, **environment: str) -> str:
    done = run(*command, **environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.md"
    path.write_text("# Policy\n\n1.1 We keep promises.\n")
    return str(path)


@pytest.mark.parametrize(
    "command", ["import_policy", *(pytest.param(command, marks=pytest.mark.long) for command in OTHERS)]
)
def test_before_the_first_start_a_command_says_that_tables_are_missing(tmp_path: Path, policy: str, command: str):
    more = {"import_policy": (policy, *IMPORT[2:]), "create_staff": ("anna",)}.get(command, ())
    said = refused(sys.executable, str(MANAGE), command, *more, PORTAL_VAR=str(tmp_path / "var"))
    assert "A table is missing (no such table: " in said
    assert "Start the portal once" in said
    assert "manage.py migrate --database keys, then manage.py migrate" in said


@pytest.mark.postgres
def test_so_it_does_on_postgresql(tmp_path: Path, policy: str):
    """A schema without tables is used as a new database."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    schema = f"empty_{uuid4().hex}"
    environment = {
        "DATABASE_URL": f"{url}?options=-c%20search_path%3D{schema}",
        "KEYS_DATABASE_URL": f"{url}?options=-c%20search_path%3D{schema}",
        "PORTAL_ENV": "development",
        "PORTAL_VAR": str(tmp_path / "var"),
    }
    said = refused(sys.executable, str(MANAGE), "import_policy", policy, *IMPORT[2:], **environment)
    assert "A table is missing (relation " in said


def test_a_python_without_django_names_the_virtual_environment(tmp_path: Path):
    shutil.copy(MANAGE, tmp_path)
    copy = str(tmp_path / "manage.py")
    # -S leaves out what is installed.
    assert "`make run` sets everything up" in refused(sys.executable, "-S", copy, "check")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert f"{python} {copy} check" in refused(sys.executable, "-S", copy, "check")
