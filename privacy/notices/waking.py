"""Wake a worker for one row. The row is the truth: where the broker does not answer, the sweep finds it."""

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str, row: UUID) -> None:
    """Hand a row's id to a task."""
    try:
        current_app.send_task(task, args=[str(row)], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer (%s); the sweep will do the work.", type(error).__name__)
