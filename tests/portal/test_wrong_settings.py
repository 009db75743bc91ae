"""A wrong setting, an unreadable folder or a database that is away ends in one clear line that says no secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.settings import addresses, databases, environment
from portal.settings.environment import DEVELOPMENT, PRODUCTION
from privacy.encryption.master_keys import master_keys

pytestmark = pytest.mark.embedded

SECRET = "a-database-password"
NO_URL = "DATABASE_URL must have the form postgres://USER:PASSWORD@HOST:PORT/NAME."
BIN = Path(sys.executable).parent
AWAY = {
    "DATABASE_URL": f"postgres://portal:{SECRET}@127.0.0.1:1/portal",
    "KEYS_DATABASE_URL": f"postgres://portal:{SECRET}@127.0.0.1:1/keys",
    "PORTAL_ENV": "development",
}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", NO_URL),
        ("foo", NO_URL),
        (f"foo://portal:{SECRET}@127.0.0.1/portal", NO_URL),
        (f"mysql://portal:{SECRET}@127.0.0.1/portal", NO_URL),
        (f"postgres://portal:{SECRET}@127.0.0.1", NO_URL),
        (f"postgres://portal:{SECRET}@127.0.0.1/portal?nonsense=1", 'invalid connection option "nonsense"'),
        (
            f"postgres://portal:{SECRET}@127.0.0.1/portal?connect_timeout=soon",
            "DATABASE_URL has an unknown or invalid option",
        ),
        (
            f"postgres://portal:{SECRET}@127.0.0.1/portal?prepare_threshold=soon",
            "DATABASE_URL has an unknown or invalid option",
        ),
    ],
)
def test_a_wrong_address_of_a_database_is_refused(monkeypatch, tmp_path, url: str, reason: str):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=reason) as refused:
        databases.database("DATABASE_URL", tmp_path / "file", DEVELOPMENT)
    assert SECRET not in str(refused.value)


def test_a_database_that_does_not_answer_is_waited_for_seconds(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1/portal")
    assert databases.database("DATABASE_URL", tmp_path, DEVELOPMENT)["OPTIONS"]["connect_timeout"] == 5
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1/portal?connect_timeout=30")
    assert databases.database("DATABASE_URL", tmp_path, DEVELOPMENT)["OPTIONS"]["connect_timeout"] == 30


@pytest.mark.parametrize(
    ("name", "value", "read", "reason"),
    [
        ("ALARM_EMAIL", "operator", addresses.optional_email, "ALARM_EMAIL must be an e-mail address"),
        ("SMS_URL", SECRET, lambda name: addresses.sms_url(name, PRODUCTION), "SMS_URL must be an Apprise URL"),
        ("JURISDICTION_URLS", "cn=foo", lambda name: addresses.sites(name, ["cn"]), "JURISDICTION_URLS, cn, must be"),
        (
            "ALLOWED_HOSTS",
            ", ,",
            lambda name: addresses.hosts(name, PRODUCTION),
            "ALLOWED_HOSTS must name at least one",
        ),
        ("COOLING_OFF", "P999999999D", lambda name: environment.duration(name, ""), "COOLING_OFF must be an ISO 8601"),
        (
            "HSTS_PRELOAD",
            "1",
            lambda name: environment.switch(name, default=False),
            "HSTS_PRELOAD must be one of yes, no",
        ),
    ],
)
def test_a_wrong_value_is_refused(monkeypatch, name: str, value: str, read, reason: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=reason) as refused:
        read(name)
    assert SECRET not in str(refused.value)


def test_a_key_service_that_cannot_be_imported_is_named(settings):
    settings.MASTER_KEY_PROVIDER = "no.such.Class"
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEY_PROVIDER must be the dotted name of a class"):
        master_keys()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ImproperlyConfigured, match=r"PORTAL_VAR: the folder .*/file/var cannot be created"):
        environment.made_folder("PORTAL_VAR", file / "var")
    with pytest.raises(ImproperlyConfigured, match=r"PORTAL_VAR: the file .*/keys.sqlite3 cannot be created"):
        databases._keep_private(file / "keys.sqlite3")


@pytest.mark.parametrize(
    ("command", "changed", "line"),
    [
        (["python", "manage.py", "portal", "--bind", "127.0.0.1:9"], AWAY, "A database does not answer (DATABASE_URL,"),
        (
            ["celery", "-A", "portal", "worker"],
            {"SWEEP_EVERY": "soon"},
            "The portal does not start. SWEEP_EVERY must be",
        ),
        (
            ["python", "-m", "portal.wsgi"],
            {"PORTAL_VAR": "/dev/null/var"},
            "The portal does not start. PORTAL_VAR: the",
        ),
    ],
)
def test_every_program_says_so_in_one_line(tmp_path, command: list[str], changed: dict[str, str], line: str):
    environment = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path)} | changed
    program, *arguments = command
    ended = subprocess.run(
        [str(BIN / program), *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stderr.startswith(line)
    assert len(ended.stderr.splitlines()) == 1
    assert SECRET not in ended.stderr
