"""Queues by urgency: who serves which, what bulk can never take, and what is said of a worker that does not answer."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.operations.alarms import raise_urgent_alarms
from portal.operations.tasks import note_served
from portal.runtime import queues
from portal.runtime.celery_app import app
from portal.runtime.schedule import beat_schedule
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.operations.queues import BULK, CODES, QUEUES, SWEEPS


@pytest.fixture(autouse=True)
def _nothing_kept():
    yield
    queues._slots.clear()


def queue_of(task: str) -> str:
    route = app.amqp.router.route({}, task)["queue"]
    return getattr(route, "name", route)


def test_every_task_of_the_schedule_has_its_queue():
    found = {
        name: entry["options"]["queue"] if "queue" in entry.get("options", {}) else queue_of(entry["task"])
        for name, entry in beat_schedule().items()
    }
    assert found["codes"] == CODES
    assert {found[name] for name in ("notices", "recipients", "copies")} == {BULK}
    assert {found[name] for name in ("erasures", "journal", "alarms", "unverified registrations")} == {SWEEPS}
    assert {found[f"served {queue}"] for queue in QUEUES} == set(QUEUES)


def test_a_code_and_another_message_wake_different_queues(settings, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr("privacy.database.waking.current_app.send_task", lambda name, **_options: woken.append(name))
    given = {"subject": None, "channel": "sms", "address": "+8613800138000", "language": "en", "context": {}}
    with django_capture_on_commit_callbacks(execute=True):
        send_notice(template="verification_code", code="493817", **given)
        send_notice(template="password_changed", **given)
    assert [queue_of(name) for name in woken] == [CODES, BULK]


def test_in_one_process_bulk_takes_no_place_of_codes_or_sweeps(monkeypatch):
    monkeypatch.setitem(queues.SLOT_SECONDS, BULK, 0.01)
    threads = queues.share_this_process()
    assert threads == settings.WORKERS_CODES + settings.WORKERS_SWEEPS + settings.WORKERS_BULK
    held = [queues.queue_slot(BULK) for _ in range(settings.WORKERS_BULK + 1)]
    assert [one.__enter__() for one in held] == [True] * settings.WORKERS_BULK + [False]
    with queues.queue_slot(CODES) as code, queues.queue_slot(SWEEPS) as sweep:
        assert (code, sweep) == (True, True)
    for one in held:
        one.__exit__(None, None, None)
    with queues.queue_slot(BULK) as is_free:
        assert is_free


def test_a_task_without_a_place_does_nothing(monkeypatch):
    monkeypatch.setitem(queues.SLOT_SECONDS, SWEEPS, 0.01)
    monkeypatch.setitem(queues._slots, SWEEPS, queues.threading.BoundedSemaphore(1))
    with queues.queue_slot(SWEEPS):
        note_served.apply(routing_key=SWEEPS)
    assert cache.get("served:sweeps") is None


def test_a_worker_that_does_not_answer_is_in_health_figures_and_alarms(caplog):
    for queue in QUEUES:
        queues.note_served(queue)
    assert readiness() == (200, "ok")
    with time_machine.travel(timezone.now() + timedelta(seconds=queues.SILENT_AFTER_SECONDS[CODES] + 1)):
        queues.note_served(SWEEPS)
        assert queues.silent_queues() == [CODES]
        assert readiness() == (200, "failed")
        assert figure('portal_queue_unserved_seconds{queue="codes"}') > queues.SILENT_AFTER_SECONDS[CODES]
        assert raise_urgent_alarms() == ["the workers of queue codes do not answer"]
        # Once an hour of each kind.
        assert raise_urgent_alarms() == []
    assert "the workers of queue codes do not answer" in caplog.text


def test_an_hourly_task_waits_for_a_place_beside_the_others():
    queues.share_this_process()
    with ThreadPoolExecutor(2) as others:
        held, release = threading.Barrier(3), threading.Event()

        def hold() -> None:
            with queues.queue_slot(SWEEPS) as is_free:
                held.wait()
                release.wait()
                assert is_free

        busy = [others.submit(hold) for _ in range(queues.tasks_at_once(SWEEPS))]
        held.wait()
        threading.Timer(0.2, release.set).start()
        with queues.queue_slot(SWEEPS) as is_free:
            assert is_free
        for one in busy:
            one.result()


def test_a_task_without_a_place_is_said_in_the_log(monkeypatch, caplog):
    monkeypatch.setitem(queues.SLOT_SECONDS, SWEEPS, 0.01)
    monkeypatch.setitem(queues._slots, SWEEPS, threading.BoundedSemaphore(1))
    with queues.queue_slot(SWEEPS), queues.queue_slot(SWEEPS) as is_free:
        assert not is_free
    assert "No slot is free in queue sweeps" in caplog.text


def figure(name):
    lines = Client().get("/metrics").content.decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


def readiness():
    answer = Client().get("/readyz")
    return answer.status_code, json.loads(answer.content)["workers"]


def test_before_any_worker_answered_the_time_counts_from_the_first_question():
    assert queues.seconds_unserved(CODES) == 0
    with time_machine.travel(time.time() + 100):
        assert queues.seconds_unserved(CODES) == pytest.approx(100, abs=2)


def test_a_code_that_waits_a_minute_is_a_figure_and_an_alarm():
    given = {"subject": None, "channel": "sms", "address": "+8613800138000", "language": "en", "context": {}}
    send_notice(template="verification_code", code="493817", **given)
    assert raise_urgent_alarms() == []
    Notice.objects.update(created_at=timezone.now() - timedelta(seconds=90))
    assert raise_urgent_alarms()[0].startswith("the oldest code has waited for ")
    assert (figure("portal_codes_waiting"), figure("portal_messages_waiting")) == (1, 0)
    assert figure("portal_codes_oldest_seconds") >= 90
    assert figure('portal_queue_depth{queue="codes"}') >= 0
