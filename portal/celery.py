"""The Celery application. Tasks wake on due rows: the broker may lose or repeat any message."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# What says that the portal is in maintenance, and what finds out.
RUNS_IN_MAINTENANCE = frozenset({"portal.tasks.raise_alarms", "privacy.journal.tasks.look_into_bucket"})


class PortalTask(Task):
    """A task that does nothing in maintenance, unless it is one of the few above; the sweeps come again."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, or wait for better times."""
        from privacy.journal.maintenance import in_maintenance  # models load after this module

        if self.name not in RUNS_IN_MAINTENANCE and in_maintenance():
            return None
        return super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
