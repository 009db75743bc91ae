import errno
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from portal.runtime.supervisor import children, roles
from portal.runtime.supervisor.children import Child, DiesTooOften
from portal.runtime.supervisor.listening import CannotListen, address_of, listen
from tests.migrated import copied_to
from tests.supervised import Portal, await_that, environment, read_proc

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for orphans in Linux's /proc"),
]


@pytest.mark.redis
def test_a_killed_supervisor_leaves_no_process_of_celerys_pool(start, port):
    portal = start(PORT=str(port), REDIS_URL=os.environ["REDIS_URL"])
    portal.wait_until_ready()
    portal.end(signal.SIGKILL)
    assert await_that(lambda: not portal.processes(), seconds=15)


@pytest.mark.redis
@pytest.mark.parametrize("role", ["worker-bulk", "worker-codes"])
def test_each_queue_has_a_process_of_its_own_that_comes_back_alone(start, port, role):
    portal = start(PORT=str(port), REDIS_URL=os.environ["REDIS_URL"])
    portal.wait_until_ready()
    workers = {"worker-codes", "worker-sweeps", "worker-bulk"}
    await_that(lambda: workers <= portal.roles().keys(), seconds=20)
    before = portal.roles()
    os.kill(before[role], signal.SIGKILL)
    await_that(lambda: portal.roles().get(role, before[role]) != before[role], seconds=20)
    await_that(lambda: workers <= portal.roles().keys(), seconds=20)
    others = {name: pid for name, pid in before.items() if name != role}
    assert {name: pid for name, pid in portal.roles().items() if name != role} == others


@pytest.mark.parametrize("role", ["web", *(pytest.param(role, marks=pytest.mark.long) for role in ("worker", "beat"))])
def test_a_killed_child_comes_back_and_leaves_no_orphan(portal, role):
    before = portal.processes()
    killed = portal.roles()[role]
    os.kill(killed, signal.SIGKILL)
    await_that(lambda: role in portal.roles() and portal.children() - before, seconds=15)
    await_that(lambda: portal.answer("readyz") == 200, seconds=15)
    assert await_that(lambda: len(portal.processes()) == len(before), seconds=15)


def test_only_the_supervisor_and_the_web_hold_the_port(portal):
    listening = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines() if is_at(portal.port, line)}
    holders = {pid for pid in portal.processes() if listening & sockets_of(pid)}
    webs = {pid for pid in portal.children() if read_proc(pid, "comm") == b"portal:web\n"}
    assert holders == {portal.process.pid, *webs}


def is_at(port, line):
    """Whether a line of `/proc/net/tcp` is a socket that listens at a port."""
    fields = line.split()
    return fields[1].endswith(f":{int(port):04X}") and fields[3] == "0A"


def sockets_of(pid):
    """The numbers of the sockets that a process has open."""
    links = [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}


def test_children_share_the_memory_of_what_is_loaded(portal):
    assert threads_of(portal.process.pid) == 1  # a thread would be lost at a fork, with what it holds
    assert sum(map(megabytes, portal.processes())) < 300


@pytest.mark.redis
def test_with_a_worker_for_each_queue_they_share_it_too(start, port):
    portal = start(PORT=str(port), REDIS_URL=os.environ["REDIS_URL"])
    portal.wait_until_ready()
    assert sum(map(megabytes, portal.processes())) < 450


def threads_of(pid):
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def megabytes(pid):
    """The proportional set size of a process: what it shares counts by its part."""
    lines = read_proc(pid, "smaps_rollup").decode().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def test_the_worker_sends_a_notice_that_another_process_queued(portal):
    portal.run(
        "from privacy.notices.services import send_notice\n"
        "send_notice(subject=None, channel='sms', address='+8613800138000', template='password_changed',"
        " language='en', context={})"
    )
    assert await_that(lambda: list(portal.var.glob("outbox/*.json")), seconds=20)


def test_a_second_portal_on_the_same_folder_refuses(portal, managed):
    refused = managed(environment(PORTAL_VAR=str(portal.var)), "portal", "--only", "worker")
    assert refused.returncode == 1
    assert f"Another portal already runs worker on {portal.var}. Stop it, or give another PORTAL_VAR." in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_asked_to_stop_everything_is_gone_within_ten_seconds(portal, number):
    asked_at = time.monotonic()
    portal.end(number)
    assert time.monotonic() - asked_at < 10
    assert portal.process.returncode == 0
    assert f"The portal is ready: http://127.0.0.1:{portal.port}/" in portal.printed
    assert portal.processes() == set()


@pytest.mark.long
def test_a_killed_supervisor_leaves_no_orphan(portal):
    portal.end(signal.SIGKILL)
    assert await_that(lambda: not portal.processes(), seconds=15)


@pytest.mark.long
def test_the_first_start_prints_a_staff_password_once(tmp_path, port):
    copied_to(tmp_path)
    for is_first in (True, False):
        portal = Portal(tmp_path, port, "--bind", f"127.0.0.1:{port}")
        portal.wait_until_ready()
        portal.end(signal.SIGTERM)
        assert ("Staff account: admin, password: " in portal.printed) is is_first


def test_a_port_in_use_is_named(managed, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = managed(environment(PORTAL_VAR=str(tmp_path)), "portal", "--bind", f"127.0.0.1:{port}")
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # those of the tests' runner
class TestChild:
    """A child that dies at once."""

    @pytest.fixture
    def child(self, monkeypatch):
        monkeypatch.setattr(roles, "run", lambda *_role, **_descriptors: None)
        return Child("web", listener=None)

    def die(self, child):
        child.start_at = 0
        child.keep_alive()
        child.process.join()
        child.keep_alive()

    def test_it_is_restarted_after_growing_waits(self, child):
        waits = []
        for _death in range(4):
            self.die(child)
            waits.append(child.start_at - time.monotonic())
        assert waits == pytest.approx([0.5, 1, 2, 4], abs=0.2)

    def test_five_deaths_within_a_minute_are_too_many(self, child):
        for _death in range(4):
            self.die(child)
        with pytest.raises(DiesTooOften, match="web died 5 times within a minute"):
            self.die(child)

    def test_deaths_long_ago_do_not_count(self, child, monkeypatch):
        for _death in range(4):
            self.die(child)
        child.deaths = type(child.deaths)((at - children.WITHIN_SECONDS for at in child.deaths), maxlen=5)
        self.die(child)
        assert child.start_at > time.monotonic()

    def test_one_that_the_system_cannot_start_counts_as_one_that_died(self, child, monkeypatch):
        monkeypatch.setattr(os, "fork", refuse_to_fork)
        child.keep_alive()
        assert child.start_at > time.monotonic()
        assert child.has_stopped()
        child.ask_to_stop()
        child.kill()
        for _death in range(3):
            child.start_at = 0
            child.keep_alive()
        child.start_at = 0
        with pytest.raises(DiesTooOften):
            child.keep_alive()


def refuse_to_fork():
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


class TestAddress:
    """`--bind` and PORT."""

    def test_the_port_of_the_environment_moves_the_default(self, monkeypatch):
        monkeypatch.delenv("PORT", raising=False)
        assert str(address_of(None)) == "127.0.0.1:8000"
        monkeypatch.setenv("PORT", "9000")
        assert str(address_of(None)) == "127.0.0.1:9000"
        assert str(address_of("0.0.0.0:")) == "0.0.0.0:9000"
        assert str(address_of("0.0.0.0:").as_reached) == "127.0.0.1:9000"
        assert str(address_of("192.0.2.7:81").as_reached) == "192.0.2.7:81"
        assert str(address_of("[::1]:8001")) == "[::1]:8001"

    @pytest.mark.parametrize(
        ("bind", "is_loopback"),
        [
            ("127.0.0.1:", True),
            ("[::1]:", True),
            ("localhost:", True),
            ("0.0.0.0:", False),
            ("[::]:", False),
            ("192.0.2.1:", False),
            ("portal.example:", False),
        ],
    )
    def test_only_this_machine_reaches_a_loopback_address(self, bind, is_loopback):
        assert address_of(bind).is_loopback is is_loopback

    @pytest.mark.parametrize("bind", ["nowhere", "127.0.0.1:http", "127.0.0.1:70000", ":8000"])
    def test_what_is_no_address_is_refused(self, bind):
        with pytest.raises(CannotListen):
            address_of(bind)

    def test_two_cannot_listen_on_one_port(self, port):
        address = address_of(f"127.0.0.1:{port}")
        with listen(address), pytest.raises(CannotListen):
            listen(address)
