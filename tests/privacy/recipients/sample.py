"""The sample device platform, served on a port of this machine."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from privacy.recipients.models import Recipient
from privacy.recipients.references import reference_for
from tools.sample_recipient.app import DevicePlatform


class QuietHandler(WSGIRequestHandler):
    """Writes no lines about requests."""

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def served(application: Any, port: int = 0) -> Iterator[WSGIServer]:
    """Serve a WSGI application on a port of this machine."""
    server = make_server("127.0.0.1", port, application, handler_class=QuietHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Platform:
    """The sample, registered as a recipient; every request that it got is kept."""

    recipient: Recipient
    app: DevicePlatform
    secret: str
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    # What it answers instead of acting, if a test sets it.
    says: Callable[[dict[str, Any]], int | None] = lambda _environ: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
        self.requests.append((headers, body))
        if status := self.says(environ):
            start_response(f"{status} Because", [("Location", "http://127.0.0.1:1/elsewhere")])
            return [b"an answer that nobody may keep"]
        return self.app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    def has(self, subject: UUID, *classes: str) -> None:
        """Give it a device of a person for each class."""
        for name in classes:
            self.execute(
                "INSERT INTO device (serial, reference, class) VALUES (?, ?, ?)",
                f"{name}-{subject}",
                reference_for(self.recipient.pk, subject),
                name,
            )

    def devices(self, columns: str = "class") -> list[Any]:
        """What it holds."""
        rows = self.execute(f"SELECT {columns} FROM device ORDER BY class")  # noqa: S608 - the test's own words
        return [row[0] if len(row) == 1 else row for row in rows]

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask its own database."""
        with closing(sqlite3.connect(self.app.database)) as connection, connection:
            return connection.execute(statement, values).fetchall()
