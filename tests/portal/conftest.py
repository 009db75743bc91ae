"""A supervised portal for the tests of this folder."""

import socket

import pytest

from tests.supervised import Portal


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture
def start(var, port):
    started = []

    def start_portal(*arguments, **environment):
        started.append(Portal(var, port, *arguments, **environment))
        return started[-1]

    yield start_portal
    for portal in started:
        portal.sweep()


@pytest.fixture
def portal(start, port):
    portal = start(PORT=str(port))
    portal.wait_until_ready()
    return portal
