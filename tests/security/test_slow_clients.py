"""No client that sends slowly, reads slowly or stays silent keeps the others from being answered."""

import http.client
import logging
import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application

from portal.runtime.supervisor.listening import ListenAddress, listen
from portal.runtime.supervisor.web import LARGEST_BODY, LARGEST_HEADERS, REQUEST_SECONDS, NamelessFilter, WebServer

pytestmark = pytest.mark.embedded

# More than the sockets of a connection hold.
LARGE = 4 * 2**20
HALF_SENT = {
    "silence": b"",
    "half a header": b'GET /healthz HTTP/1.1\r\nHost: x\r\n"X-a: ',
    "half a body": b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"login"',
    "half a chunk": b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a finished request, kept open": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
}


@contextmanager
def serving(application):
    """A web server as the portal runs it, in a thread of this process; yields it and its port."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    server = WebServer(listen(ListenAddress("127.0.0.1", port)), application)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server, port
    finally:
        server.stop()
        thread.join(timeout=10)
        server.server.task_dispatcher.shutdown()
        server.server.close()


@pytest.fixture
def port():
    with serving(get_wsgi_application()) as (_server, port):
        yield port


def ask(port, path="/healthz", **options):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    connection.request(options.pop("method", "GET"), path, **options)
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def send(port, data):
    connection = socket.create_connection(("127.0.0.1", port), timeout=8)
    connection.sendall(data)
    return connection


def received(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("sent", HALF_SENT.values(), ids=HALF_SENT)
def test_a_hundred_clients_with_half_a_request_block_no_other(port, sent):
    with ExitStack() as held:
        for _ in range(100):
            held.enter_context(send(port, sent))
        assert [ask(port).status for _ in range(3)] == [200, 200, 200]


def test_clients_that_do_not_read_a_large_answer_hold_no_thread():
    def large(_environ, start_response):
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return [b"x" * LARGE]

    with serving(large) as (server, port), ExitStack() as held:
        for _ in range(2 * len(server.server.task_dispatcher.threads)):
            held.enter_context(send(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        assert len(ask(port, "/").body) == LARGE


def test_a_request_that_comes_byte_by_byte_ends_in_time(port):
    with time_machine.travel(time.time(), tick=False) as clock, send(port, b"GET /healthz HTTP/1.1\r\n") as dripping:
        for _ in range(4):
            time.sleep(0.05)
            clock.shift(REQUEST_SECONDS / 3)
            dripping.send(b"X-a: b\r\n")
            ask(port)
        assert received(dripping) == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b'GET /healthz HTTP/1.1\r\nHost: x\r\n"X-Secret: 13800138000\r\n\r\n', b"400 "),
        (b"GET /healthz HTTP/1.1\r\nX-Secret: 13800138000".ljust(LARGEST_HEADERS, b"0"), b"431 "),
        (b"POST /13800138000 HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), b"413 "),
        (b"POST /13800138000 HTTP/1.1\r\nTransfer-Encoding: 13800138000\r\n\r\n", b"501 "),
    ],
)
def test_the_servers_own_answers_repeat_nothing_and_have_security_headers(port, sent, status, caplog):
    with send(port, sent) as connection:
        answer = received(connection)
    assert answer.startswith((b"HTTP/1.1 " + status, b"HTTP/1.0 " + status))
    assert b"X-Content-Type-Options: nosniff" in answer
    assert b"Content-Security-Policy: default-src 'none'" in answer
    for leaked in (b"13800138000", b"waitress", b"Server:", b"Secret"):
        assert leaked not in answer
    assert "13800138000" not in caplog.text


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: +5",
        b"Content-Length: 5, 5",
        b"Content-Length : 5",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding : chunked",
    ],
)
def test_a_request_whose_end_is_not_clear_is_refused_and_nothing_behind_it_is_read(port, framing):
    behind = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with send(port, b"POST /healthz HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n" + behind) as connection:
        answer = received(connection)
    assert answer[9:12] in (b"400", b"501")
    assert answer.count(b"HTTP/1.") == 1


def test_a_fault_of_the_application_is_logged_without_address_and_path(caplog):
    def failing(_environ, _start_response):
        raise LookupError("13800138000")

    nameless = NamelessFilter()
    logging.getLogger("waitress").addFilter(nameless)
    try:
        with serving(failing) as (_server, port):
            assert ask(port, "/receipts/13800138000/").status == 500
    finally:
        logging.getLogger("waitress").removeFilter(nameless)
    assert "A request could not be handled (LookupError)." in caplog.text
    assert "13800138000" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_stopping_server_answers_what_is_under_way_and_what_comes_on_kept_connections():
    may_answer, working = threading.Event(), threading.Event()

    def slow(_environ, start_response):
        working.set()
        may_answer.wait(5)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]

    with serving(slow) as (server, port), ExitStack() as held:
        under_way = held.enter_context(send(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        working.wait(5)
        kept = held.enter_context(send(port, b""))
        ask_in_thread = threading.Timer(0.3, lambda: kept.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        while len(server.server.active_channels) < 2:
            time.sleep(0.01)
        server.stop()
        ask_in_thread.start()
        may_answer.set()
        assert received(under_way).endswith(b"done")
        answer = received(kept)
    assert answer.endswith(b"done")
    assert b"Connection: close" in answer
