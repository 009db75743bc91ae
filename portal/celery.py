"""The Celery application. Tasks wake on due rows: the broker may lose or repeat any message."""

import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery, Task, signals

from portal.loading import settings_or_exit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# What says that the portal is in maintenance.
RUNS_IN_MAINTENANCE = frozenset({"portal.tasks.raise_alarms"})


class PortalTask(Task):
    """A task that does nothing in maintenance, save to raise alarms; the sweeps come again by themselves."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, or wait for better times."""
        from privacy.journal.maintenance import in_maintenance  # models load after this module

        if self.name not in RUNS_IN_MAINTENANCE and in_maintenance():
            return None
        return super().__call__(*args, **kwargs)


if Path(sys.argv[0]).name == "celery":
    settings_or_exit()
app = Celery("portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_logging(**_options: Any) -> None:
    """Leave the logs as Django's settings have them: with a receiver Celery adds no handlers of its own."""
