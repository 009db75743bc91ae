"""The Celery application. Tasks wake on due rows: the broker may lose or repeat any message."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class PortalTask(Task):
    """A task that does nothing while the portal is in maintenance; the sweeps come again by themselves."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, or wait for better times."""
        from privacy.journal.maintenance import in_maintenance  # models load after this module

        return None if in_maintenance() else super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
