"""The Celery application. Tasks process due rows, so that the broker may lose or repeat messages."""

import os
import sys
from pathlib import Path
from typing import Any

import django
from celery import Celery, Task, signals
from django.db import close_old_connections

from portal.runtime.loading import settings_or_exit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class PortalTask(Task):
    """A task that is skipped in maintenance mode, unless its sweep also runs then; it is scheduled again."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, or skip while in maintenance mode."""
        # Models load after this module.
        from portal.runtime.queues import queue_slot
        from portal.runtime.schedule import tasks_in_maintenance
        from privacy.journal.maintenance import in_maintenance

        if self.name not in tasks_in_maintenance() and in_maintenance():
            return None
        with queue_slot(queue_of(self)) as is_free:
            return super().__call__(*args, **kwargs) if is_free else None


def queue_of(task: Task) -> str:
    """Return the queue that a running task came from; empty for a direct call."""
    return str((task.request.delivery_info or {}).get("routing_key") or "")


if Path(sys.argv[0]).name == "celery":
    settings_or_exit()
app = Celery("portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")


@signals.import_modules.connect
def load_tasks(**_options: Any) -> None:
    """Load the tasks of every package, and make beat's schedule of the sweeps that they declare."""
    django.setup()
    # Models load after this module.
    from portal.runtime.schedule import beat_schedule
    from privacy.operations.collecting import modules_of_all

    list(modules_of_all("tasks"))
    app.conf.beat_schedule = beat_schedule()


@signals.task_prerun.connect
@signals.task_postrun.connect
def close_stale_connections(task: Task, **_options: Any) -> None:
    """Close connections that are too old or broken, before and after each task; keep the others."""
    if not task.request.is_eager:
        close_old_connections()


@signals.setup_logging.connect
def keep_logging(**_options: Any) -> None:
    """Keep Django's logging settings: with a receiver, Celery adds no handlers."""
