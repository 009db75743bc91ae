"""Databases that are away, or accept a connection and never answer: figures and alarms say so, and soon."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings

from tests.faults.servers import free_port, silent_server
from tests.supervised import environment

pytestmark = pytest.mark.embedded
# Prometheus gives up after ten seconds.
SCRAPE_TIMEOUT = 10
ASKED = """
import json, time
import django
django.setup()
from django.test import Client
from portal.operations.alarms import raise_alarms, raise_urgent_alarms
def timed(act):
    begun = time.monotonic()
    found = act()
    return time.monotonic() - begun, found
print(json.dumps({
    "scrape": timed(lambda: Client().get("/metrics").content.decode().splitlines()),
    "urgent": timed(raise_urgent_alarms),
    "hourly": timed(raise_alarms),
}))
"""


@pytest.fixture(scope="module", params=["refuse", pytest.param("never answer", marks=pytest.mark.long)])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """What the portal says while both databases and Redis refuse connections, or never answer."""
    with ExitStack() as stack:
        port = free_port() if request.param == "refuse" else stack.enter_context(silent_server())
        variables = {
            "PORTAL_VAR": str(tmp_path_factory.mktemp("portal")),
            "PORTAL_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": f"postgres://portal@127.0.0.1:{port}/portal",
            "KEYS_DATABASE_URL": f"postgres://portal@127.0.0.1:{port}/keys",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        }
        asked = subprocess.run(
            [sys.executable, "-c", ASKED],
            cwd=settings.BASE_DIR,
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert asked.returncode == 0, asked.stderr
        yield json.loads(asked.stdout.splitlines()[-1])


def test_a_scrape_names_the_databases_and_every_figure_that_it_lacks(found: dict):
    _seconds, lines = found["scrape"]
    for line in (
        'portal_database_away{database="data"} 1.0',
        'portal_database_away{database="keys"} 1.0',
        'portal_figure_unread{figure="erasures_late"} 1.0',
        'portal_figure_unread{figure="queue_depth"} 1.0',
        'portal_figure_unread{figure="database_away"} 0.0',
    ):
        assert line in lines
    assert not [line for line in lines if line.startswith("portal_erasures_late")]


def test_a_scrape_ends_long_before_its_timeout(found: dict):
    assert found["scrape"][0] < SCRAPE_TIMEOUT * 0.9


def test_alarms_are_raised_within_the_minute_although_no_cache_notes_them(found: dict):
    seconds, lines = found["urgent"]
    assert seconds < 30
    assert "the database of the data does not respond" in lines
    assert "the database of the keys does not respond" in lines
    seconds, lines = found["hourly"]
    assert seconds < 30
    assert "the figure erasures_late cannot be read (OperationalError)" in lines
