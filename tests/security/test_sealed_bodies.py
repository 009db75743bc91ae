"""What is too large for memory, of a request or an answer, is in a file that nobody can read, and arrives unchanged."""

import hashlib
import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest

from portal.runtime.supervisor import bodies
from portal.runtime.supervisor.bodies import SealedFile
from portal.runtime.supervisor.web import BODY_IN_MEMORY
from tests.security.test_slow_clients import received, send, serving

pytestmark = pytest.mark.embedded


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The files that bodies were written to; they stay to be looked at."""
    made: list[Path] = []

    def kept(_mode: str) -> IO[bytes]:
        made.append(tmp_path / str(len(made)))
        return made[-1].open("w+b")

    monkeypatch.setattr(bodies, "TemporaryFile", kept)
    return made


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    digest = hashlib.sha256(environ["wsgi.input"].read()).hexdigest().encode()
    start_response("200 OK", [("Content-Length", str(len(digest)))])
    return [digest]


@pytest.mark.parametrize(
    "framing", [b"Content-Length: %d\r\n\r\n%b", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"]
)
def test_a_large_body_arrives_and_its_file_cannot_be_read(written: list[Path], framing: bytes):
    body = b"Business licence " * 20_000
    assert len(body) > BODY_IN_MEMORY
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    with serving(echo) as (_server, port), send(port, head + framing % (len(body), body)) as connection:
        answer = received(connection)
    assert answer.endswith(hashlib.sha256(body).hexdigest().encode())
    [file] = written
    assert file.stat().st_size == len(body)
    assert b"licence" not in file.read_bytes()


def test_a_large_answer_that_waits_for_its_client_cannot_be_read_in_its_file(written: list[Path]):
    text = b"Business licence " * 1_000_000

    def large(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return [text]

    head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with serving(large) as (_server, port), send(port, head) as connection:
        answer = received(connection)
    assert answer.endswith(text)
    assert written
    assert not any(b"licence" in file.read_bytes() for file in written)


def test_a_small_body_has_no_file(written: list[Path]):
    body = b"x" * (BODY_IN_MEMORY - 1)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    with serving(echo) as (_server, port), send(port, head + body) as connection:
        assert received(connection).endswith(hashlib.sha256(body).hexdigest().encode())
    assert written == []


def test_any_part_of_a_sealed_file_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "TemporaryFile", TemporaryFile)
    data = os.urandom(1000)
    with SealedFile() as file:
        for start in range(0, 1000, 37):
            assert file.write(data[start : start + 37]) == len(data[start : start + 37])
        for start, size in ((0, 1000), (1, 15), (16, 16), (17, 1), (999, 5), (500, -1)):
            assert file.seek(start) == start
            assert file.read(size) == data[start : start + size if size >= 0 else None]
        file.seek(0)
        assert file.readline() == data.partition(b"\n")[0] + (b"\n" if b"\n" in data else b"")
