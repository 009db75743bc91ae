"""Beat does the sweeps itself while the broker does not answer."""

import logging
from pathlib import Path
from threading import Event

import pytest
from celery import Celery, Task
from celery.beat import ScheduleEntry
from celery.schedules import schedule

from portal.beat import SweepingScheduler
from portal.celery import app as portal_app
from tests.faults.servers import free_port

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


def test_the_portal_uses_it():
    assert portal_app.conf.beat_scheduler == "portal.beat:SweepingScheduler"
