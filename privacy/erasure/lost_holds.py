"""After a restore: data under a legal hold that the backup lacks is lost, and nothing claims to keep it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from privacy.erasure.models import ErasureCase
from privacy.evidence.clock import database_now
from privacy.holds.models import LegalHold
from privacy.holds.queries import holds_in_force
from privacy.inventory.queries import declared_records


@dataclass(frozen=True)
class LostHold:
    """A hold by its number, and the classes of which it keeps nothing any more."""

    number: UUID
    classes: list[str]


@transaction.atomic
def end_lost_holds() -> list[LostHold]:
    """Note on each case, before its proof, what its holds lost; return the holds that lost something.

    A hold that keeps nothing any more is released, without a member of staff. So is one on a person who was not erased
    and is not in the backup. The journal does not record this: a newer backup may have the data.
    """
    open_cases = ErasureCase.objects.select_for_update().filter(state=ErasureCase.State.ROWS_ERASED)
    cases = {case.subject_id: case for case in open_cases if case.held}
    holds = list(holds_in_force().select_related("subject"))
    here = _classes_here({hold.subject_id for hold in holds})
    lost = []
    for hold in holds:
        is_unknown = hold.subject.erased_at is None and not here[hold.subject_id]
        missing = [name for name in hold.classes if name not in here[hold.subject_id]]
        if missing and (is_unknown or hold.subject_id in cases):
            lost.append(LostHold(hold.pk, missing))
            _end(hold, missing, cases.get(hold.subject_id))
    return lost


def _end(hold: LegalHold, missing: list[str], case: ErasureCase | None) -> None:
    now = database_now()
    if missing == hold.classes:
        LegalHold.objects.filter(pk=hold.pk).update(state=LegalHold.State.RELEASED, released_at=now)
    if case:
        for kept in case.held:
            if kept["hold"] == str(hold.pk):
                kept |= {"lost": missing, "lost_at": now.isoformat(timespec="seconds")}
        case.save(update_fields=["held"])


def _classes_here(subjects: Collection[UUID]) -> Mapping[UUID, set[str]]:
    """Return the retention classes of which this database holds data of these persons."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for model, record in declared_records():
        if record.keeps or not record.retention:
            continue
        rows = model._default_manager.filter(**{f"{record.subject}__pk__in": list(subjects)})
        for subject in rows.order_by().values_list(record.subject, flat=True).distinct():
            found[subject].add(record.retention)
    return found
