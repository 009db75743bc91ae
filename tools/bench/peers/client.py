"""A client over HTTP that keeps its connection; each request has another network, like requests of many people."""

import http.client
import itertools
import json
import time
from contextlib import closing, suppress

from tools.bench.calls import UnexpectedAnswer
from tools.bench.peers.work_requests import Request

HEADERS = {"Accept": "application/json", "User-Agent": "bench Firefox Linux"}
START_SECONDS = 60
_networks = itertools.count()


class Client:
    """One connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()

    def close(self) -> None:
        self._connection.close()

    def seconds(self, request: Request) -> float:
        """Send a request; return the seconds until its answer. Raises `UnexpectedAnswer`."""
        headers = {**HEADERS, **request.headers, "X-Forwarded-For": _next_address()}
        data = None if request.body is None else json.dumps(request.body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        started = time.perf_counter()
        self._connection.request(request.method, request.path, data, headers)
        answer = self._connection.getresponse()
        self.content = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != request.status:
            raise UnexpectedAnswer(f"{request.method} {request.path}: {answer.status} {self.content[:500]!r}")
        return seconds


def wait_for(port: int) -> None:
    """Wait until a server listens. Raises `TimeoutError`."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), closing(Client(port)):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}.")


def _next_address() -> str:
    number = next(_networks)
    return f"10.{number >> 8 & 255}.{number & 255}.1"
