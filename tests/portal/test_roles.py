"""Roles that start alone, reload without a gap, and do not run twice on one folder."""

import errno
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from portal.runtime.supervisor import locks
from portal.runtime.supervisor.locks import Occupied, hold_folder, one_prepares
from tests.migrated import copied_to
from tests.supervised import Portal, await_that, environment

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in Linux's /proc"),
]
STARTS_AT_ONCE = 3


class Load(threading.Thread):
    """Sends requests without a pause, on new connections and on a kept one, until it is stopped."""

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.statuses = []
        self.stopped = threading.Event()

    def run(self):
        kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stopped.wait(0.01):
            for connection in (kept, http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)):
                try:
                    connection.request("GET", "/healthz")
                    answer = connection.getresponse()
                    answer.read()
                    self.statuses.append(answer.status)
                except (OSError, http.client.HTTPException) as error:
                    self.statuses.append(repr(error))
                if connection is not kept:
                    connection.close()
        kept.close()


def run_portal(*arguments, **variables):
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", *arguments]
    return subprocess.run(command, env=environment(**variables), capture_output=True, text=True, check=False)


@pytest.mark.long
def test_a_reload_replaces_every_process_and_no_request_fails(portal):
    before = portal.children()
    load = Load(portal.port)
    load.start()
    portal.process.send_signal(signal.SIGHUP)
    await_that(lambda: "Reloaded." in portal.printed, seconds=60)
    await_that(lambda: not before & portal.children(), seconds=40)
    load.stopped.set()
    load.join()
    assert set(portal.roles()) == {"web", "worker", "beat"}
    assert len(portal.children()) == len(before)
    assert len(load.statuses) > 50
    assert set(load.statuses) == {200}


def refuses(port):
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


@pytest.mark.long
def test_a_web_that_ends_refuses_new_connections_and_answers_the_others(tmp_path, port):
    prepared = run_portal("--prepare-only", PORTAL_VAR=str(copied_to(tmp_path)))
    assert prepared.returncode == 0, prepared.stderr
    portal = Portal(tmp_path, port, "--only", "web", "--bind", f"127.0.0.1:{port}")
    try:
        await_that(lambda: "is ready" in portal.printed, seconds=60)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as visitor:
            visitor.sendall(b"GET /healthz HTTP/1.1\r\n")
            portal.process.send_signal(signal.SIGTERM)
            await_that(lambda: refuses(port), seconds=1)
            visitor.sendall(b"Host: 127.0.0.1\r\n\r\n")
            assert visitor.recv(17) == b"HTTP/1.1 200 OK\r\n"
        assert portal.process.wait(timeout=15) == 0
    finally:
        portal.sweep()


@pytest.mark.long
def test_each_role_runs_alone_and_ends_at_sigterm(tmp_path, port):
    prepared = run_portal("--prepare-only", PORTAL_VAR=str(copied_to(tmp_path)))
    assert prepared.returncode == 0, prepared.stderr
    portals = {
        "web": Portal(tmp_path, port, "--only", "web", "--bind", f"0.0.0.0:{port}", "--trial-on-network"),
        "worker": Portal(tmp_path, port, "--only", "worker"),
        "beat": Portal(tmp_path, port, "--only", "beat"),
    }
    try:
        for role, portal in portals.items():
            await_that(lambda portal=portal: "is ready" in portal.printed, seconds=60)
            assert portal.process.poll() is None, role
        assert portals["web"].answer("readyz") == 200
        assert set(portals["web"].roles()) == {"web", "worker", "beat"}
        for portal in portals.values():
            portal.process.send_signal(signal.SIGTERM)
        assert [portal.process.wait(timeout=15) for portal in portals.values()] == [0, 0, 0]
        assert portals["web"].processes() == set()
    finally:
        for portal in portals.values():
            portal.sweep()


def test_a_single_role_refuses_unprepared_databases(managed, tmp_path):
    refused = managed(environment(PORTAL_VAR=str(tmp_path)), "portal", "--only", "beat")
    assert refused.returncode == 1
    assert "lacks migrations: run manage.py portal --prepare-only first." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_is_free_again_when_its_holder_died(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    code = f"import fcntl, os; fcntl.flock(open({str(tmp_path / 'web.lock')!r}, 'a'), fcntl.LOCK_EX); os.abort()"
    subprocess.run([sys.executable, "-c", code], check=False)
    with hold_folder("web"), pytest.raises(Occupied):
        hold_folder("web")
    hold_folder("web").close()


def test_a_folder_that_cannot_be_written_is_named(settings):
    settings.VAR_DIR = Path("/dev/null/portal")
    with pytest.raises(Occupied, match="PORTAL_VAR=/dev/null/portal cannot be written: Not a directory"):
        hold_folder("web")


def test_an_embedded_portal_listens_on_the_network_only_on_request(managed, tmp_path):
    refused = managed(environment(PORTAL_VAR=str(tmp_path)), "portal", "--bind", "0.0.0.0:8000")
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: An embedded portal")
    assert "add --trial-on-network" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_one_process_at_a_time_prepares(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(locks, "LOOK_SECONDS", 0.01)
    with one_prepares(), pytest.raises(Occupied, match="preparing the databases"), one_prepares(within=0.05):
        pytest.fail("Two prepared at once.")
    with one_prepares(within=0):
        pass


def prepare_at_once(**variables):
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", "--prepare-only"]
    starts = [
        subprocess.Popen(
            command, env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(STARTS_AT_ONCE)
    ]
    return [(start, *start.communicate(timeout=240)) for start in starts]


@pytest.mark.long
def test_three_first_starts_on_one_folder_all_come_up(tmp_path):
    for start, _printed, errors in prepare_at_once(PORTAL_VAR=str(tmp_path)):
        assert start.returncode == 0, errors


@pytest.fixture
def empty_databases():
    """Two new databases on the server of the tests, as URLs of an environment."""
    url = urlsplit(os.environ["DATABASE_URL"])
    mark = f"starts_{secrets.token_hex(4)}"
    made = {"DATABASE_URL": mark, "KEYS_DATABASE_URL": f"{mark}_keys"}
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as server:
        for name in made.values():
            server.execute(f'CREATE DATABASE "{name}"')
        yield {variable: url._replace(path=f"/{name}").geturl() for variable, name in made.items()}
        for name in made.values():
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
def test_three_first_starts_on_three_hosts_all_come_up(tmp_path, empty_databases):
    starts = prepare_at_once(PORTAL_VAR=str(tmp_path), PORTAL_ENV="development", **empty_databases)
    for start, _printed, errors in starts:
        assert start.returncode == 0, errors
    assert sum("Staff account" in printed for _start, printed, _errors in starts) == 1
