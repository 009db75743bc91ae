"""Re-wrap every key under the current master key while the portal serves; data is not touched."""

from collections.abc import Iterator

from django.db import transaction

from privacy.encryption.keys import associated
from privacy.encryption.master_keys import master_keys
from privacy.encryption.models import DataKey, SystemKey

BATCH = 500


def rewrap_keys(*, batch: int = BATCH) -> Iterator[int]:
    """Re-wrap batch after batch; yield how many keys each had. It can be stopped at any time and started again.

    A batch is locked, so that a key that is being destroyed is never restored. Raises `CannotOpen` if the master key of
    a row is not configured any more.
    """
    current = master_keys().current()
    yield _rewrap_system_keys(current)
    while done := _rewrap_batch(current, batch):
        yield done


def keys_by_master() -> dict[str, int]:
    """Return how many keys each master key wraps, without destroyed ones."""
    found: dict[str, int] = {}
    for model in (DataKey, SystemKey):
        for master_id in _not_destroyed(model).values_list("master_key", flat=True).distinct().order_by():
            found[master_id] = found.get(master_id, 0) + _not_destroyed(model).filter(master_key=master_id).count()
    return found


def _not_destroyed(model: type[DataKey] | type[SystemKey]):  # type: ignore[no-untyped-def] # either manager's query set
    return model.objects.filter(wrapped__isnull=False)


@transaction.atomic(using="keys")
def _rewrap_batch(current: str, batch: int) -> int:
    masters = master_keys()
    rows = list(_not_destroyed(DataKey).exclude(master_key=current).select_for_update().order_by("pk")[:batch])
    for row in rows:
        place = associated(row.owner, row.retention_class)
        row.wrapped = masters.wrap(masters.unwrap(row.master_key, bytes(row.wrapped), place), place)
        row.master_key = current
    DataKey.objects.bulk_update(rows, ["wrapped", "master_key"])
    return len(rows)


@transaction.atomic(using="keys")
def _rewrap_system_keys(current: str) -> int:
    masters = master_keys()
    rows = list(SystemKey.objects.exclude(master_key=current).select_for_update())
    for row in rows:
        row.wrapped = masters.wrap(masters.unwrap(row.master_key, bytes(row.wrapped), row.name), row.name)
        row.master_key = current
    SystemKey.objects.bulk_update(rows, ["wrapped", "master_key"])
    return len(rows)
