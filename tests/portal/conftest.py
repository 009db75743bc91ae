"""A supervised portal for the tests of this folder."""

import os
import socket
import subprocess
from contextlib import closing

import pytest

from tests.forked import Loaded
from tests.migrated import copied_to
from tests.supervised import Portal


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """A folder with databases that were migrated."""
    return copied_to(tmp_path_factory.mktemp("portal") / "var")


@pytest.fixture
def port():
    return free_port()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def managed(tmp_path_factory):
    """A function that runs `manage.py` in an environment, forked from a process that has loaded what it imports."""
    environment = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path_factory.mktemp("loaded"))}
    with closing(Loaded(environment, with_settings=False)) as loaded:

        def manage(environment, *arguments):
            script = loaded.manage(*arguments, environment=environment)
            printed, errors = script.communicate(60)
            return subprocess.CompletedProcess(arguments, script.returncode, printed, errors)

        yield manage


@pytest.fixture(scope="session")
def checked(managed):
    """A function that runs `manage.py check` in an environment, and returns its exit code and what it said."""

    def check(environment):
        done = managed(environment, "check")
        return done.returncode, done.stderr

    return check


@pytest.fixture
def start(var, port):
    started = []

    def start_portal(*arguments, **environment):
        started.append(Portal(var, port, *arguments, **environment))
        return started[-1]

    yield start_portal
    for portal in started:
        portal.sweep()


@pytest.fixture(scope="module")
def running():
    """The portals that the tests of a module started, newest last."""
    started = []
    yield started
    for portal in started:
        portal.sweep()


@pytest.fixture
def portal(running, var):
    """A portal that runs: that of the test before, unless it was ended."""
    if not running or running[-1].process.poll() is not None:
        port = free_port()
        running.append(Portal(var, port, PORT=str(port)))
    running[-1].wait_until_ready()
    return running[-1]
