"""A recipient that answers slowly, never, or without end keeps no worker from others."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from privacy.erasure.services import cancel_account
from privacy.recipients import sending, services
from privacy.recipients.models import Recipient
from privacy.recipients.services import send_due_deliveries, send_to_recipient
from tests.factories import make_person
from tests.privacy.recipients.moments import wait


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server whose answer never ends, a byte at a time."""
    over = Event()

    def drip() -> None:
        connection, _from = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 204 ")
            while not over.wait(0.05):
                try:
                    connection.sendall(b".")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join()


def test_an_answer_that_never_ends_keeps_no_worker(platform, delivery, dripping, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.5)
    Recipient.objects.update(url=dripping)
    assert not send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("queued", "ReadTimeoutError")


def test_the_end_of_a_task_is_no_error_of_the_recipient(platform, delivery, monkeypatch):
    def post(*_given):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(services, "post", post)
    with pytest.raises(SoftTimeLimitExceeded):
        send_due_deliveries()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("queued", 1, "")


def test_a_sweep_ends_after_half_a_minute(platform, delivery, monkeypatch):
    cancel_account(subject=make_person().subject)
    times = iter([0, 0, 31])
    monkeypatch.setattr(services.time, "monotonic", lambda: next(times))
    assert send_due_deliveries() == 1


def test_a_silent_recipient_keeps_no_worker_from_others(platform, user):
    for _person in range(5):
        cancel_account(subject=make_person().subject)
    platform.says = lambda _environ: 503
    send_due_deliveries()
    assert len(platform.requests) == 1
    platform.says = lambda _environ: None
    wait(timedelta(minutes=2))
    assert send_due_deliveries() == 5
