import inspect

from django.conf import settings

from portal.celery import app


def own_tasks():
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if name.startswith(("privacy.", "accounts.", "portal."))}


def test_every_sweep_of_the_schedule_exists():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - own_tasks().keys() == set()


def test_every_task_takes_ids_only():
    taken = {name: list(inspect.signature(task.run).parameters) for name, task in own_tasks().items()}
    assert {name: given for name, given in taken.items() if not all(one.endswith("_id") for one in given)} == {}
