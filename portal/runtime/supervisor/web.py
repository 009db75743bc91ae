"""Serves pages and REST by waitress: one loop reads requests and writes answers, threads work on whole requests.

A slow client takes a few kilobytes and no thread. Answers and log lines of waitress itself repeat nothing of the
request.
"""

import logging
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from portal.runtime.supervisor.bodies import seal_what_overflows

# Connections of one process, half-sent requests and idle ones among them; each takes up to three descriptors.
MOST_CONNECTIONS = 1000
DESCRIPTORS = 4096
# A request must arrive in full within this time. Idle connections close after it: longer than proxies keep one.
REQUEST_SECONDS = 120
LARGEST_HEADERS = 32 * 2**10
# More than any page or endpoint takes; each has a lower limit.
LARGEST_BODY = 12 * 2**20
# The rest of a larger body is in an unnamed, encrypted file.
BODY_IN_MEMORY = 128 * 2**10
BACKLOG = 2048
TICK_SECONDS = 1
# How long a stopping process answers; idle connections close earlier.
GRACE_SECONDS, LINGER_SECONDS = 5, 2


class PlainError(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """An answer of the server itself to an invalid request: only the kind of error."""

    def execute(self) -> None:
        """Write status, security headers, and the phrase of the status."""
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        body = f"{error.reason}\n".encode()
        self.response_headers += [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose request must arrive in full in time, and which ends with the process."""

    error_task_class = PlainError
    last_activity: float

    def handle_read(self) -> None:
        """Read; more data of the same request does not restart its time."""
        request, since = self.request, self.last_activity
        super().handle_read()
        if request is not None and self.request is request:
            self.last_activity = since

    def service(self) -> None:
        """Answer; while the process stops, close the connection afterwards."""
        if not self.server.accepting:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"
        super().service()

    def is_busy(self) -> bool:
        """Whether a request is being read or an answer is not sent yet."""
        return bool(self.requests or self.request or self.total_outbufs_len)


class NamelessFilter(logging.Filter):
    """Reduces waitress's own records to the class of the error: the text holds addresses and paths."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the text of every record but the one about too many connections."""
        if not str(record.msg).startswith("total open connections"):
            name = getattr(sys.exc_info()[0], "__name__", "unknown")
            record.msg, record.args, record.exc_info = "A request could not be handled (%s).", (name,), None
        return True


class WebServer:
    """Serves one socket, which other processes may share."""

    def __init__(self, listener: socket.socket, application: Callable[..., Any]) -> None:
        seal_what_overflows()
        self.stopping = False
        self.connections: dict[int, Any] = {}
        self.server = create_server(
            application,
            map=self.connections,
            sockets=[listener],
            threads=settings.WEB_THREADS,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=REQUEST_SECONDS,
            max_request_header_size=LARGEST_HEADERS,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=BODY_IN_MEMORY,
            backlog=BACKLOG,
            log_socket_errors=False,
            # The portal reads these headers itself (TRUSTED_PROXIES).
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
        self.server.channel_class = Channel
        # Called after the supervisor shut down the socket. Waitress would close its trigger, too, and stop answering.
        self.server.handle_close = self.stop

    def stop(self, *_signal: object) -> None:
        """Accept no more connections, and end after the running requests."""
        self.stopping = True
        self.server.pull_trigger()

    def run(self) -> None:
        """Serve until `stop` is called."""
        while not self.stopping:
            self._turn(TICK_SECONDS)
        self._drain()

    def _drain(self) -> None:
        self.server.accepting = False
        now = time.monotonic()
        linger_until, deadline = now + LINGER_SECONDS, now + GRACE_SECONDS
        while time.monotonic() < deadline:
            channels = list(self.server.active_channels.values())
            if time.monotonic() > linger_until:
                channels = [channel for channel in channels if channel.is_busy()]
            if not channels:
                break
            self._turn(LINGER_SECONDS / 10)
        for channel in list(self.server.active_channels.values()):
            channel.handle_close()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.connections, count=1)


def serve(listener: socket.socket, *, report_ready: Callable[[], None]) -> None:
    """Serve pages and REST until SIGTERM."""
    _allow_descriptors()
    logging.getLogger("waitress").addFilter(NamelessFilter())
    # This logger writes a line for each request that waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = WebServer(listener, get_wsgi_application())
    signal.signal(signal.SIGTERM, server.stop)
    _ = get_resolver().url_patterns  # loads the views before the first request
    report_ready()
    server.run()


def _allow_descriptors() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
