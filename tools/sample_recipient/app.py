"""A sample recipient: a device platform that verifies messages of the portal, acts once, and acknowledges.

It needs only Python's standard library. Try it: `WEBHOOK_SECRET=whsec_... python tools/sample_recipient/app.py`.
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any
from wsgiref.simple_server import make_server

TOLERANCE_SECONDS = 300
LARGEST_BODY = 20_000
TABLES = """
CREATE TABLE IF NOT EXISTS device (serial TEXT PRIMARY KEY, reference TEXT, class TEXT, suspended INTEGER DEFAULT 0,
    stale TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS person (reference TEXT PRIMARY KEY, told_at TEXT, sequence INTEGER);
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP);
"""
ANSWERS = {204: "No Content", 400: "Bad Request", 401: "Unauthorized", 405: "Method Not Allowed"}


class Refused(Exception):
    """A refused message; `status` is that of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(ANSWERS[status])
        self.status = status


class DevicePlatform:
    """A WSGI application over one SQLite file. During a rotation `secrets` holds both, in any order."""

    def __init__(self, database: str, *secrets: str) -> None:
        self.database = database
        self.keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(TABLES)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer 204 after acting on a message; the portal repeats a message with another answer."""
        try:
            status = self.receive(environ)
        except Refused as refused:
            status = refused.status
        start_response(f"{status} {ANSWERS[status]}", [])
        return [b""]

    def receive(self, environ: dict[str, Any]) -> int:
        """Verify; then act and record the message in one transaction."""
        if environ["REQUEST_METHOD"] != "POST":
            raise Refused(405)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            raise Refused(400)
        body = environ["wsgi.input"].read(min(int(length), LARGEST_BODY))
        number = environ.get("HTTP_WEBHOOK_ID", "")
        self.verify(number, environ, body)
        try:
            message = json.loads(body)
            kind, told_at, data = message["type"], message["timestamp"], message["data"]
        except (ValueError, KeyError, TypeError):
            raise Refused(400) from None
        # `with connection` commits both or neither: after a crash the portal sends again.
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            if connection.execute("INSERT OR IGNORE INTO message (id) VALUES (?)", (number,)).rowcount:
                act(connection, kind, told_at, data)
        return 204

    def verify(self, number: str, environ: dict[str, Any], body: bytes) -> None:
        """Refuse a message without a valid signature, or signed more than five minutes ago."""
        stamp = environ.get("HTTP_WEBHOOK_TIMESTAMP", "")
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            raise Refused(401)
        signed = f"{number}.{stamp}.".encode() + body
        wanted = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in self.keys]
        given = [part.removeprefix("v1,") for part in environ.get("HTTP_WEBHOOK_SIGNATURE", "").split()]
        # All are compared, each in constant time.
        if not any([hmac.compare_digest(one.encode(), other.encode()) for one in given for other in wanted]):  # noqa: C419
            raise Refused(401)


def act(connection: sqlite3.Connection, kind: str, told_at: str, data: dict[str, Any]) -> None:
    """Act on the devices of one person, only in the named classes."""
    reference, marks = data["reference"], ",".join("?" * len(data["classes"]))
    mine = f"reference = ? AND class IN ({marks})"
    values = (reference, *data["classes"])
    if kind == "subject.erased":
        connection.execute(f"DELETE FROM device WHERE {mine}", values)  # noqa: S608 - marks only
    elif kind == "subject.corrected":
        # Messages hold no values: the fields are fetched again before they are shown. Earlier marks stay.
        for serial, stale in connection.execute(f"SELECT serial, stale FROM device WHERE {mine}", values).fetchall():  # noqa: S608
            marked = ",".join(dict.fromkeys([*filter(None, stale.split(",")), *data["fields"]]))
            connection.execute("UPDATE device SET stale = ? WHERE serial = ?", (marked, serial))
    elif kind in ("subject.suspended", "subject.resumed") and is_newest(connection, told_at, data):
        suspended = kind == "subject.suspended"
        connection.execute(f"UPDATE device SET suspended = ? WHERE {mine}", (suspended, *values))  # noqa: S608


def is_newest(connection: sqlite3.Connection, told_at: str, data: dict[str, Any]) -> bool:
    """Whether no newer message came before: a repeated message may arrive after a later one.

    Times are whole seconds; within a second, the sequence decides.
    """
    return bool(
        connection.execute(
            "INSERT INTO person VALUES (?, ?, ?) ON CONFLICT (reference) "
            "DO UPDATE SET told_at = excluded.told_at, sequence = excluded.sequence "
            "WHERE (excluded.told_at, excluded.sequence) >= (told_at, sequence)",
            (data["reference"], told_at, data["sequence"]),
        ).rowcount
    )


if __name__ == "__main__":
    platform = DevicePlatform("devices.sqlite3", *os.environ["WEBHOOK_SECRET"].split(","))
    make_server("127.0.0.1", 8100, platform).serve_forever()
