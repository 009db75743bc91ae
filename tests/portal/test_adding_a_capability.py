"""The example of docs/adding_a_capability.md is whole: written into a copy of the project, it appears everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PAGE = settings.BASE_DIR / "docs" / "adding_a_capability.md"
# A file's name begins the sentences that describe it; its text follows them.
FILE = re.compile(
    r"^`(?P<path>[\w/]+\.(?:py|html))`(?:[^\n]+\n)*\n+```(?:python|html)\n(?P<text>.*?)```", re.MULTILINE | re.DOTALL
)
COPIED = (
    *("accounts", "locale", "manage.py", "portal", "privacy", "pyproject.toml", "requirements.txt"),
    *("static", "templates", "tests", "tools"),
)
LAYER = ('"consent | holds |', '"consent | holds | complaints |')
PROBE = """
import datetime as dt, json
from pathlib import Path
import django
django.setup()
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.core.management import call_command
from accounts.users.models import User
from portal.operations.alarms import raise_alarms
from portal.operations.first_page import needs_of_figures
from privacy.encryption.keys import create_keys
from privacy.complaints.models import Complaint
from privacy.complaints.services import file_complaint
from privacy.inventory.data_stores import all_data_stores
from privacy.subjects.models import DataSubject

subject = DataSubject.objects.create(jurisdiction="intl")
create_keys(subject.pk, ["account"])
complaint = file_complaint(subject=subject, text="Nobody answers.")
Complaint.objects.update(due_at=timezone.now() + dt.timedelta(hours=1))
officer = Group.objects.get(name="Privacy officer")
administrator = User(is_superuser=True, is_active=True)
print(json.dumps({
    "permissions": officer.permissions.filter(codename__endswith="_complaint").count(),
    "alarm": [line for line in raise_alarms() if line.startswith("complaint ")],
    "figure": "portal_complaints_endangered 1.0" in Client().get("/metrics").content.decode(),
    "first page": [each.label for each in needs_of_figures(administrator, set())],
    "endpoint": Client().get("/api/v1/me/complaints").status_code,
    "schema": "/api/v1/me/complaints" in Client().get("/api/v1/schema/").content.decode(),
    "admin": Client().get("/admin/privacy/complaint/").status_code,
    "sealed": b"Nobody answers." not in Path("var/portal.sqlite3").read_bytes(),
    "erased": sum(store.erase([subject.pk])[subject.pk] for store in all_data_stores() if "complaint" in store.name),
}))
"""


def documented_files() -> dict[str, str]:
    return {found["path"]: found["text"] for found in FILE.finditer(PAGE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the files of the page are written, and nothing else."""
    root = tmp_path_factory.mktemp("project")
    for name in COPIED:
        source = settings.BASE_DIR / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, root / name, ignore=ignored) if source.is_dir() else shutil.copy(source, root / name)
    for path, text in documented_files().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def finished(project: Path) -> Path:
    """The copy with what is written outside of the package: its migration and its layer."""
    contracts = project / "pyproject.toml"
    contracts.write_text(contracts.read_text(encoding="utf-8").replace(*LAYER), encoding="utf-8")
    made = run(project, "manage.py", "makemigrations", "privacy", "--name", "complaints")
    assert made.returncode == 0, made.stderr
    return project


@pytest.fixture(scope="module")
def own_tests(finished: Path) -> subprocess.CompletedProcess[str]:
    """The tests of the copy, which also migrate its databases."""
    return run(finished, "-m", "pytest", "-q", "tests/privacy/complaints", "tests/portal/test_admin_names.py")


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment = kept | {
        "PORTAL_VAR": str(project / "var"),
        "PORTAL_ENV": "embedded",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    return subprocess.run(
        [sys.executable, *command], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def test_the_page_has_a_file_for_each_layer():
    names = {Path(path).name for path in documented_files()}
    assert {"models.py", "services.py", "queries.py", "forms.py", "api.py", "admin.py", "urls.py"} <= names
    assert {"operations.py", "change_form.html", "test_complaints.py"} <= names
    assert len(names) == PAGE.read_text(encoding="utf-8").count("```python\n") + 1


def test_the_page_names_its_layer():
    contracts = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    assert LAYER[0] in contracts
    assert LAYER[1] in PAGE.read_text(encoding="utf-8")


@pytest.mark.embedded
def test_a_package_without_operations_fails_the_check(project: Path):
    operations = project / "privacy" / "complaints" / "operations.py"
    hidden = operations.rename(operations.with_suffix(".hidden"))
    checked = run(project, "manage.py", "check")
    hidden.rename(operations)
    assert "portal.E011" in checked.stderr
    assert "portal.E012" in checked.stderr, "its due time is watched by nothing"


@pytest.mark.long
@pytest.mark.embedded
def test_the_documented_capability_appears_everywhere(finished: Path, own_tests: subprocess.CompletedProcess[str]):
    assert own_tests.returncode == 0, own_tests.stdout + own_tests.stderr
    [migrated] = (finished / ".pytest_cache" / "migrated").glob("*/")
    shutil.copytree(migrated, finished / "var", dirs_exist_ok=True)
    checked = run(finished, "manage.py", "check")
    assert checked.returncode == 0, checked.stderr
    probed = run(finished, "-c", PROBE)
    assert probed.returncode == 0, probed.stderr
    found = json.loads(probed.stdout.splitlines()[-1])
    assert re.match(r"complaint [0-9a-f-]{36} must be answered by ", found["alarm"][0])
    del found["alarm"]
    assert found == {
        "permissions": 2,
        "figure": True,
        "first page": ["Complaints due within three days"],
        "endpoint": 401,
        "schema": True,
        "admin": 302,
        "sealed": True,
        "erased": 1,
    }


@pytest.mark.embedded
def test_the_code_follows_the_rules_of_the_project(finished: Path):
    folders = ("privacy/complaints", "tests/privacy/complaints")
    for command in (
        ("-m", "ruff", "check", *folders),
        ("-m", "ruff", "format", "--check", *folders),
        (str(Path(sys.executable).parent / "lint-imports"),),
    ):
        done = run(finished, *command)
        assert done.returncode == 0, done.stdout + done.stderr
