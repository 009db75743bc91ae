"""Take one step for many rows at once; a row that fails stops no other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Model, QuerySet

from privacy.database.health import every_database_answers

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class BatchStep(Generic[Row]):
    """A step, the rows that are due for it, and what to do with a row that fails.

    `read` returns rows that are due now: a batch of them, or those of the given keys. `failed` is called with each row
    that fails alone and its error, after its transaction. `outage` names errors that are not the failure of a row.
    """

    read: Callable[[Sequence[UUID] | None], QuerySet[Row]]
    step: Callable[[list[Row]], Any]
    failed: Callable[[Row, Exception], None]
    outage: tuple[type[Exception], ...] = ()

    def take(self, keys: Sequence[UUID] | None = None) -> int:
        """Take the step for a batch; if that fails, bisect the batch, down to the rows that fail alone.

        Rows are read in the transaction of the step. Return how many took it. If a database is gone, or on another
        outage, no row counts as failed: the next call takes them.
        """
        rows: list[Row] = []
        try:
            with transaction.atomic():
                rows = list(self.read(keys))
                if rows:
                    self.step(rows)
                return len(rows)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - no failure may stop the others
            failure = error
        logger.warning("%s failed for %d rows (%s)", self.step.__name__, len(rows), type(failure).__name__)
        if isinstance(failure, self.outage) or not every_database_answers():
            return 0
        if len(rows) <= 1:
            for row in rows:
                self.failed(row, failure)
            return 0
        found, half = [row.pk for row in rows], len(rows) // 2
        return self.take(found[:half]) + self.take(found[half:])
