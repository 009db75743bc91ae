"""One POST to a recipient: to a checked address, without redirects; only the status of the answer is read."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any
from urllib.parse import SplitResult

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from privacy.recipients.hosts import PORTS, addresses_to_call, checked_url

# Together far shorter than the shortest wait before a second attempt.
PATIENCE = Timeout(connect=5, read=15)
# From the connection to the last byte of the answer's head. `PATIENCE` starts again with each byte that arrives.
WHOLE_SECONDS = 20.0


class _Watched:
    """A connection whose socket is shut once its time is over, whatever it is waiting for."""

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]  # of the class beside this one
        # A separate handle: TLS takes over the socket itself.
        self._handle, self._is_over = made.dup(), False
        self._timer = Timer(WHOLE_SECONDS, self._end)
        self._timer.daemon = True
        self._timer.start()
        return made

    def getresponse(self) -> Any:
        """Return the answer. Raises `TimeoutError` if it was cut off, since it may look complete."""
        answer = super().getresponse()  # type: ignore[misc]
        if self._is_over:
            raise TimeoutError
        return answer

    def close(self) -> None:
        """Close the connection, and stop watching it."""
        super().close()  # type: ignore[misc]
        if hasattr(self, "_timer"):
            self._timer.cancel()
            self._handle.close()

    def _end(self) -> None:
        self._is_over = True
        with suppress(OSError):  # closed at the same time
            self._handle.shutdown(socket.SHUT_RDWR)


class _ClearConnection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


def post(url: str, body: str, headers: Mapping[str, str]) -> int:
    """Send one message and return the status of the answer.

    Raises `HostRefused`, `OSError` if the host is not known, and `urllib3.exceptions.HTTPError` otherwise.
    """
    parts = checked_url(url)
    *others, last = addresses_to_call(parts)
    for address in others:
        try:
            return _post_to(address, parts, body, headers)
        except (NewConnectionError, ConnectTimeoutError):
            continue
    return _post_to(last, parts, body, headers)


def _post_to(address: str, parts: SplitResult, body: str, headers: Mapping[str, str]) -> int:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(address, parts) as pool:
        answer = pool.urlopen(
            "POST",
            target,
            body=body.encode(),
            headers={**headers, "host": parts.netloc},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        answer.close()
        return int(answer.status)


def _pool(address: str, parts: SplitResult) -> HTTPConnectionPool:
    port = parts.port or PORTS[parts.scheme]
    if parts.scheme == "http":
        pool = HTTPConnectionPool(address, port, timeout=PATIENCE)
        pool.ConnectionCls = _ClearConnection
        return pool
    # The certificate is checked against the name, although the connection uses its address.
    name = str(parts.hostname)
    secure = HTTPSConnectionPool(address, port, timeout=PATIENCE, server_hostname=name, assert_hostname=name)
    secure.ConnectionCls = _SecureConnection
    return secure
