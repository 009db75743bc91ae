"""Beat does the sweeps itself while the broker does not answer."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from celery import Celery, Task
from celery.beat import ScheduleEntry
from celery.schedules import schedule
from django.conf import settings
from kombu.exceptions import OperationalError

from portal.runtime.beat import SweepingScheduler
from portal.runtime.celery_app import app as portal_app
from tests.faults.servers import free_port, silent_server

pytestmark = pytest.mark.embedded

ran = Event()


@pytest.fixture
def scheduler(tmp_path: Path) -> SweepingScheduler:
    """Beat of an app whose Redis does not answer, with one task that is due."""
    app = Celery("away", broker=f"redis://127.0.0.1:{free_port()}/0", set_as_current=False, task_cls=Task)
    app.conf.update(
        task_publish_retry=False,
        beat_schedule_filename=str(tmp_path / "schedule"),
        broker_transport_options={"max_retries": 1, "interval_start": 0, "socket_connect_timeout": 1},
    )

    @app.task(name="tests.sweep", shared=False)
    def sweep() -> None:
        ran.set()

    ran.clear()
    made = SweepingScheduler(app, schedule_filename=str(tmp_path / "schedule"))
    yield made
    made._threads.shutdown()
    made.close()


def entry_of(scheduler: SweepingScheduler) -> ScheduleEntry:
    return scheduler.Entry(
        name="sweep", task="tests.sweep", schedule=schedule(10, app=scheduler.app), app=scheduler.app
    )


def test_a_sweep_runs_here_while_the_broker_is_away(scheduler: SweepingScheduler, caplog):
    entry = entry_of(scheduler)
    scheduler.schedule["sweep"] = entry
    with caplog.at_level(logging.WARNING):
        scheduler.apply_async(entry)
        assert ran.wait(10)
        scheduler._running["sweep"].result(10)
        ran.clear()
        scheduler.apply_async(entry)
        assert ran.wait(10)
    assert caplog.text.count("The broker does not answer") == 1


def test_one_that_still_runs_is_not_run_again(scheduler: SweepingScheduler):
    entry, may_end = entry_of(scheduler), Event()
    scheduler.schedule["sweep"] = entry
    scheduler._running["sweep"] = scheduler._threads.submit(may_end.wait, 10)
    scheduler.apply_async(entry)
    may_end.set()
    scheduler._running["sweep"].result(10)
    assert not ran.is_set()


@pytest.mark.redis
def test_a_broker_that_takes_the_connection_and_never_answers_is_waited_for_some_seconds():
    with silent_server() as port, ThreadPoolExecutor(1) as other:
        app = Celery("silent", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False, task_cls=Task)
        app.conf.update(broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
        sent = other.submit(app.send_task, "tests.sweep", retry=False)
        assert isinstance(sent.exception(timeout=60), OperationalError)


def test_the_portal_uses_it():
    assert portal_app.conf.beat_scheduler == "portal.runtime.beat:SweepingScheduler"
