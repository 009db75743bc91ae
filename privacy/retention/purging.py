"""Delete what is older than its period (clause 4.1 of the sample policy), record by record, in small transactions."""

import datetime as dt
import logging
from collections.abc import Iterator

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, models, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from privacy.encryption.models import DataKey
from privacy.encryption.tombstones import forget_tombstones
from privacy.holds.queries import held_subjects
from privacy.inventory.declarations import Record
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import RetentionClass, period_of
from privacy.notices.models import RETENTION_CLASS as NOTICE_KEYS
from privacy.retention.models import Purge
from privacy.subjects.locking import lock_free_subjects

logger = logging.getLogger(__name__)

BATCH = 1_000
# A run takes far less than the time limit of a task; the next one continues.
MOST_BATCHES = 100


def purge_expired_rows(*, batch: int = BATCH) -> int:
    """Delete the rows of every declared record that are past the period of their class; return how many.

    By the database's clock, oldest first. Rows under a legal hold are kept. So are records that declare `keeps`, and
    rows whose age has not begun, such as a waiting message. A record that fails stops no other.
    """
    gone = sum(_purge(model, record, period, batch) for model, record, period in ageing_records())
    return gone + _forget_messages_keys()


def ageing_records() -> Iterator[tuple[type[models.Model], Record, dt.timedelta]]:
    """Yield each model whose rows are deleted by age, with what it declares and its period."""
    for model, record in declared_records():
        period = period_of(record.retention) if record.retention else None
        if period is not None and not record.keeps:
            yield model, record, period


def expired_rows(model: type[models.Model], record: Record, period: dt.timedelta) -> QuerySet:
    """Return the rows of a record that are older than the period and under no hold, oldest first."""
    assert record.retention is not None  # noqa: S101 - for the type checker: E003 refuses to start
    old = model._default_manager.filter(**{f"{record.ages_from}__lt": Now() - period})
    held = held_subjects(record.retention)
    return old.exclude(**{f"{record.subject}__in": held}).order_by(record.ages_from)


def _purge(model: type[models.Model], record: Record, period: dt.timedelta, batch: int) -> int:
    label, gone = model._meta.label_lower, 0
    _begin_run(label)
    try:
        for _number in range(MOST_BATCHES):
            deleted = _purge_batch(model, record, period, batch)
            gone += deleted
            if not deleted:
                break
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - one record stops no other; its text may hold values: only its name is kept
        logger.error("Purging %s failed with %s", label, type(error).__name__)  # noqa: TRY400
    if gone:
        logger.info("%s: %d rows deleted by age", label, gone)
    return gone


def _purge_batch(model: type[models.Model], record: Record, period: dt.timedelta, batch: int) -> int:
    with transaction.atomic():
        chosen = dict(_locked(expired_rows(model, record, period)).values_list("pk", record.subject)[:batch])
        # The approval of a hold locks its person's row: skip locked persons, and read the holds on the others again.
        free = lock_free_subjects({subject for subject in chosen.values() if subject})
        free_rows = [pk for pk, subject in chosen.items() if subject is None or subject in free]
        going = expired_rows(model, record, period).filter(pk__in=free_rows).order_by()
        deleted: int = going._raw_delete(going.db) or 0  # type: ignore[attr-defined]
        _note(model._meta.label_lower, deleted)
    return deleted


def _locked(rows: QuerySet) -> QuerySet:
    """Lock the rows for this transaction, and skip those that another worker has locked, if the database can."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _forget_messages_keys() -> int:
    """Delete the tombstones of sent messages' keys; the row of a message and its tombstone are equally old."""
    period = period_of(RetentionClass.MESSAGES)
    if period is None:
        return 0
    label = DataKey._meta.label_lower
    _begin_run(label)
    gone = forget_tombstones(NOTICE_KEYS, period)
    _note(label, gone)
    return gone


def _begin_run(label: str) -> None:
    Purge.objects.update_or_create(record=label, defaults={"last_run_at": Now(), "last_count": 0})


def _note(label: str, deleted: int) -> None:
    if deleted:
        counted = Purge.objects.filter(record=label)
        counted.update(last_count=F("last_count") + deleted, total=F("total") + deleted)
