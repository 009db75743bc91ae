"""The folder of queues of an embedded portal: a file that no one can read costs one message, and stops no worker."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from kombu import Connection, Queue

from portal.runtime.celery_app import app as portal_app
from portal.settings.environment import EMBEDDED

pytestmark = pytest.mark.embedded

TRANSPORT = "portal.runtime.folder_broker:Transport"
SOUND = {"delivery_tag": "1", "delivery_info": {"exchange": "codes", "routing_key": "codes"}}
UNREADABLE = {
    "empty": "",
    "cut off": '{"body": "W1tdL',
    "no object": "[]",
    "a number": "1",
    "no properties": '{"body": 1}',
    "properties of another kind": '{"properties": 1}',
    "no delivery tag": '{"properties": {}}',
    "no delivery info": '{"properties": {"delivery_tag": "1"}}',
    "a delivery tag that is a list": json.dumps({"properties": SOUND | {"delivery_tag": []}}),
    "a routing key that is missing": json.dumps({"properties": SOUND | {"delivery_info": {"exchange": "codes"}}}),
    "an unknown encoding": json.dumps({"body": "x", "properties": SOUND | {"body_encoding": "rot13"}}),
    "a body that is no base64": json.dumps({"body": "x", "properties": SOUND | {"body_encoding": "base64"}}),
    "headers that are a number": json.dumps({"body": "", "headers": 7, "properties": SOUND}),
    "no UTF-8": b"\xff\xfe\x00",
}

# Sends itself a task, which ends the worker.
WORKER = """
import os, signal
from pathlib import Path
from celery import Celery

app = Celery("of a test", broker="filesystem://localhost")
app.conf.update(broker_transport={transport!r}, broker_transport_options={options!r}, task_ignore_result=True,
                worker_enable_remote_control=False, task_default_queue="codes")

@app.task(name="sound")
def sound():
    Path({done!r}).touch()
    os.kill(os.getpid(), signal.SIGTERM)

sound.delay()
app.worker_main(["worker", "--pool", "threads", "--concurrency", "1", "--without-gossip", "--without-mingle"])
"""


def options(folder: Path) -> dict[str, str]:
    return {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}


def write(folder: Path, content: str | bytes, name: str = "0_x.codes.msg") -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def connection(tmp_path: Path):
    with Connection("filesystem://localhost", transport=TRANSPORT, transport_options=options(tmp_path)) as connected:
        # Shared by all connections of a process, whose folder is always the same.
        connected.transport.state.clear()
        yield connected
        connected.transport.state.clear()


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_message_is_dropped_and_the_next_is_read(connection, tmp_path, caplog, content):
    write(tmp_path, content)
    with connection.SimpleQueue("codes") as queue:
        queue.put({"sound": 1})
        received = queue.get(timeout=2)
        received.ack()
        assert received.payload == {"sound": 1}
    assert list(tmp_path.glob("*.msg")) == []
    assert "An unreadable message of queue codes was removed" in caplog.text


def test_a_folder_in_the_place_of_a_message_stops_nothing(connection, tmp_path):
    (tmp_path / "0_x.codes.msg").mkdir()
    with connection.SimpleQueue("codes") as queue:
        queue.put({"sound": 1})
        assert queue.get(timeout=2).payload == {"sound": 1}


def test_a_table_of_queues_that_no_one_can_read_is_written_again(connection, tmp_path):
    with connection.SimpleQueue("codes") as queue:
        queue.put({"first": 1})
        for content in ("", "{", "7", "[1]", "[[1]]"):
            write(tmp_path / "control", content, "codes.exchange")
            queue.put({"second": 1})
    connection.transport.state.clear()
    write(tmp_path / "control", "", "codes.exchange")
    with connection.SimpleQueue("codes") as queue:
        received = [queue.get(timeout=2) for _ in range(6)]
        assert [message.payload for message in received] == [{"first": 1}, *[{"second": 1}] * 5]


def test_a_message_is_never_seen_before_it_is_whole(connection, tmp_path, caplog):
    """A reader takes what a writer has just made, many times."""
    channel, count = connection.channel(), 300
    queue = Queue("codes", channel=channel)
    queue.declare()

    def send() -> None:
        with Connection("filesystem://localhost", transport=TRANSPORT, transport_options=options(tmp_path)) as other:
            producer = other.Producer()
            for number in range(count):
                producer.publish({"number": number, "long": "x" * 50_000}, exchange="", routing_key="codes")

    writer = threading.Thread(target=send)
    writer.start()
    seen = set()
    while writer.is_alive() or channel.queue_declare("codes").message_count:
        if message := queue.get(no_ack=True):
            seen.add(message.payload["number"])
    assert seen == set(range(count))
    assert caplog.text == ""
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_worker_goes_on_after_unreadable_messages(tmp_path):
    done, broker = tmp_path / "done", tmp_path / "broker"
    broker.mkdir()
    for number, content in enumerate(UNREADABLE.values()):
        write(broker, content, f"1_{number}.codes.msg")
    # In a process of its own: a worker changes the Celery of its process.
    script = WORKER.format(transport=TRANSPORT, options=options(broker), done=str(done))
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) as worker:
        watchdog = threading.Timer(60, worker.kill)
        watchdog.start()
        _printed, errors = worker.communicate()
        watchdog.cancel()
    assert done.exists(), errors
    assert "Unrecoverable" not in errors


@pytest.mark.skipif(settings.PORTAL_ENV != EMBEDDED or bool(settings.REDIS_URL), reason="this portal has Redis")
def test_an_embedded_portal_uses_it():
    with portal_app.connection_for_read() as read, portal_app.connection_for_write() as written:
        assert {type(read.transport).__module__, type(written.transport).__module__} == {"portal.runtime.folder_broker"}
