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
FILE = re.compile(r"^`(?P<path>[\w/]+\.py)`[^\n]*\n\n```python\n(?P<text>.*?)```", re.MULTILINE | re.DOTALL)
COPIED = ("accounts", "locale", "manage.py", "portal", "privacy", "static", "templates", "tools")
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
from portal.operations.first_page import counts
from portal.runtime.schedule import beat_schedule
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
    "sweep": "complaints" in beat_schedule(),
    "permission": officer.permissions.filter(codename="view_complaint").exists(),
    "alarm": [line for line in raise_alarms() if line.startswith("complaint ")],
    "figure": "portal_complaints_endangered 1.0" in Client().get("/metrics").content.decode(),
    "first page": [each.label for each in counts(administrator, set())],
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
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


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
    assert {"models.py", "services.py", "queries.py", "tasks.py", "api.py", "urls.py", "operations.py"} <= names


@pytest.mark.embedded
def test_a_package_without_operations_fails_the_check(project: Path):
    operations = project / "privacy" / "complaints" / "operations.py"
    hidden = operations.rename(operations.with_suffix(".hidden"))
    checked = run(project, "manage.py", "check")
    hidden.rename(operations)
    assert "portal.E011" in checked.stderr
    assert "portal.E012" in checked.stderr, "its due time is watched by nothing"


@pytest.mark.embedded
def test_the_documented_capability_appears_everywhere(project: Path):
    for command in (("makemigrations", "privacy", "--name", "complaints"), ("check",), ("portal", "--prepare-only")):
        done = run(project, "manage.py", *command)
        assert done.returncode == 0, done.stderr
    probed = run(project, "-c", PROBE)
    assert probed.returncode == 0, probed.stderr
    found = json.loads(probed.stdout.splitlines()[-1])
    assert re.match(r"complaint [0-9a-f-]{36} must be answered by ", found["alarm"][0])
    del found["alarm"]
    assert found == {
        "sweep": True,
        "permission": True,
        "figure": True,
        "first page": ["Complaints due within three days"],
        "endpoint": 401,
        "schema": True,
        "admin": 302,
        "sealed": True,
        "erased": 1,
    }
