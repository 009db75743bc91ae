"""Wake a worker for due rows. The row is the record: if the broker does not answer, the sweep finds the row."""

import logging
import time
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# After a failed try, no thread of this process waits for the broker for this long.
REMEMBERED_SECONDS = 10.0
_away_until = 0.0


def wake(task: str, row: UUID | None = None) -> None:
    """Send a task the id of a row, or start a task that looks for due rows."""
    global _away_until  # noqa: PLW0603 - one answer for the whole process
    if time.monotonic() < _away_until:
        return
    try:
        current_app.send_task(task, args=[str(row)] if row else [], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer (%s); the sweep will do the work.", type(error).__name__)
        _away_until = time.monotonic() + REMEMBERED_SECONDS
