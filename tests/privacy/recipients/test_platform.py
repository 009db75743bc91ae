"""The sample recipient refuses messages without a fresh signature, and keeps the order of events."""

import io
import json
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from privacy.recipients.signing_secrets import new_signing_secret
from tools.sample_recipient.app import DevicePlatform

pytestmark = pytest.mark.embedded

SECRET = new_signing_secret()
NOW = datetime.now(UTC)


@pytest.fixture
def devices(tmp_path):
    platform = DevicePlatform(str(tmp_path / "devices.sqlite3"), SECRET)
    with sqlite3.connect(platform.database) as connection:
        connection.execute("INSERT INTO device (serial, reference, class) VALUES ('1', 'R', 'account')")
    return platform


def message(event: str, *, at: datetime = NOW, **data: Any) -> str:
    told = {"reference": "R", "classes": ["account"], "deadline": "2030-01-01T00:00:00Z", "sequence": 0, **data}
    return json.dumps({"type": event, "timestamp": at.isoformat(timespec="seconds"), "data": told})


def send(platform, body: str, number: str = "1", *, age: float = 0, secret: str = SECRET, **headers: str) -> str:
    signed_at = datetime.fromtimestamp(time.time() - age, UTC)
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body.encode()),
        "HTTP_WEBHOOK_ID": number,
        "HTTP_WEBHOOK_TIMESTAMP": str(int(signed_at.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": Webhook(secret).sign(number, signed_at, body),
    } | headers
    answers: list[str] = []
    platform(environ, lambda status, _headers: answers.append(status))
    return answers[0][:3]


def suspended(platform) -> list[int]:
    with sqlite3.connect(platform.database) as connection:
        return [row[0] for row in connection.execute("SELECT suspended FROM device")]


def test_what_the_portal_signed_is_acted_on(devices):
    assert send(devices, message("subject.suspended")) == "204"
    assert suspended(devices) == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"age": 301},
        {"age": -301},
        {"secret": new_signing_secret()},
        {"HTTP_WEBHOOK_SIGNATURE": ""},
        {"HTTP_WEBHOOK_SIGNATURE": "v1,"},
        {"HTTP_WEBHOOK_SIGNATURE": "v1a,ü nothing"},
        {"HTTP_WEBHOOK_ID": "2"},
        {"HTTP_WEBHOOK_TIMESTAMP": "soon"},
        {"HTTP_WEBHOOK_TIMESTAMP": "-1"},
    ],
    ids=lambda wrong: "another secret" if "secret" in wrong else str(wrong),
)
def test_anything_else_is_refused(devices, wrong):
    assert send(devices, message("subject.erased"), **wrong) == "401"
    assert suspended(devices) == [0]


def test_it_reads_posts_of_the_promised_shape_only(devices):
    assert send(devices, message("subject.erased"), REQUEST_METHOD="GET") == "405"
    assert send(devices, "[]") == "400"
    assert send(devices, "no JSON") == "400"
    assert suspended(devices) == [0]


def test_a_message_that_was_overtaken_changes_nothing(devices):
    assert send(devices, message("subject.resumed"), "2") == "204"
    assert send(devices, message("subject.suspended", at=NOW - timedelta(minutes=3)), "1") == "204"
    assert suspended(devices) == [0]


def test_of_what_happened_within_a_second_the_sequence_says_what_is_newer(devices):
    for number, event, sequence in [("2", "subject.resumed", 1), ("1", "subject.suspended", 0)]:
        assert send(devices, message(event, sequence=sequence), number) == "204"
    assert suspended(devices) == [0]
    assert send(devices, message("subject.suspended", sequence=2), "3") == "204"
    assert suspended(devices) == [1]
    for sequence in range(3, 12):
        event = "subject.resumed" if sequence % 2 else "subject.suspended"
        assert send(devices, message(event, sequence=sequence), str(sequence + 1)) == "204"
    assert send(devices, message("subject.suspended", sequence=2), "again") == "204"
    assert suspended(devices) == [0]


def test_a_restarted_sequence_is_newer_in_a_later_second(devices):
    """As after a restore, which lost some messages."""
    assert send(devices, message("subject.suspended", sequence=7), "1") == "204"
    assert send(devices, message("subject.resumed", at=NOW + timedelta(seconds=1), sequence=0), "2") == "204"
    assert suspended(devices) == [0]


def test_a_number_is_acted_on_once(devices):
    for _time in range(2):
        assert send(devices, message("subject.suspended")) == "204"
    later = NOW + timedelta(minutes=1)
    assert send(devices, message("subject.resumed", at=later), "2") == "204"
    assert send(devices, message("subject.suspended", at=later + timedelta(minutes=1)), "1") == "204"
    assert suspended(devices) == [0]


def test_an_event_that_it_does_not_know_is_acknowledged(devices):
    assert send(devices, message("subject.of_tomorrow")) == "204"


def test_a_second_correction_leaves_the_first_one_marked(devices):
    for number, field in enumerate(["phone", "email", "phone"]):
        assert send(devices, message("subject.corrected", fields=[field]), str(number)) == "204"
    with sqlite3.connect(devices.database) as connection:
        assert connection.execute("SELECT stale FROM device").fetchall() == [("phone,email",)]


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_length_that_is_no_number_is_refused_unread(devices, length):
    """Minus one would read until the caller ends the connection."""
    assert send(devices, message("subject.erased"), CONTENT_LENGTH=length) == "400"
