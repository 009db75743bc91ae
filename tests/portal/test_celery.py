"""What tasks take, and how a worker keeps its connections."""

import inspect
from collections.abc import Callable, Iterator

import pytest
from celery import signals
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection, connections

from portal.runtime.celery_app import app
from portal.runtime.schedule import beat_schedule


def own_tasks():
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if name.startswith(("privacy.", "accounts.", "portal."))}


def test_every_sweep_of_the_schedule_exists():
    scheduled = {entry["task"] for entry in beat_schedule().values()}
    assert scheduled - own_tasks().keys() == set()


def test_every_task_takes_ids_only():
    taken = {name: list(inspect.signature(task.run).parameters) for name, task in own_tasks().items()}
    assert {name: given for name, given in taken.items() if not all(one.endswith("_id") for one in given)} == {}


@pytest.fixture
def around() -> Iterator[Callable[[], None]]:
    """Do what a worker does before and after a task, in Celery and in the portal."""
    task = app.tasks["portal.operations.tasks.note_served"]
    task.push_request(is_eager=False)
    fixup = DjangoWorkerFixup(app)

    def act() -> None:
        fixup.on_task_prerun(task)
        signals.task_prerun.send(sender=task, task=task)
        for one in connections.all():
            with one.cursor() as cursor:
                cursor.execute("SELECT 1")
        fixup.on_task_postrun(task)
        signals.task_postrun.send(sender=task, task=task)

    yield act
    task.pop_request()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_worker_keeps_its_connections_from_task_to_task(around):
    around()
    first = [one.connection for one in connections.all()]
    assert None not in first
    for _ in range(100):
        around()
    assert [one.connection for one in connections.all()] == first


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_worker_opens_another_connection_where_its_own_was_ended(around):
    around()
    ended = connection.connection.info.backend_pid
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [ended])  # and waits until it has ended
        assert cursor.fetchone()[0]
    around()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != ended
