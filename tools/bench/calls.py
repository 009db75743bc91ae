"""Requests as from a WSGI server: through the whole stack, without Django's test client."""

import io
import json
from collections.abc import Callable
from typing import Any

HOST = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1"}
WSGI = {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO()}
HEADERS = {"HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT": "application/json", "HTTP_USER_AGENT": "bench Firefox Linux"}


class UnexpectedAnswer(AssertionError):
    """The work did not do what it should, so its time is not valid."""


def call(
    application: Callable[..., Any],
    method: str,
    path: str,
    *,
    token: str = "",
    body: Any = None,
    network: int = 0,
    status: int = 200,
) -> bytes:
    """Send one request and return the body of its answer; each `network` has its own limits.

    Raises `UnexpectedAnswer`.
    """
    data = b"" if body is None else json.dumps(body).encode()
    path, _, query = path.partition("?")
    environ = HOST | WSGI | HEADERS | {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": ""}
    environ["REMOTE_ADDR"] = f"10.{network >> 8 & 255}.{network & 255}.1"
    environ |= {"QUERY_STRING": query, "wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data))}
    if data:
        environ["CONTENT_TYPE"] = "application/json"
    if token:
        environ["HTTP_AUTHORIZATION"] = token
    answered: list[str] = []
    answer = application(environ, lambda status, _headers, *_more: answered.append(status))
    content = b"".join(answer)
    answer.close()
    if not answered[0].startswith(str(status)):
        raise UnexpectedAnswer(f"{method} {path}: {answered[0]} {content[:500]!r}")
    return content
