"""After a restore: append again the entries of the audit log that the database lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from privacy.access.journal import ACCESSES
from privacy.access.models import AccessRecord
from privacy.journal.chains import in_batches
from privacy.journal.lines import Line
from privacy.journal.restores import BATCH, Restore, lost_lines
from privacy.subjects.models import DataSubject


def restore_accesses(restore: Restore) -> int:
    """Append again each act on a person whom the database knows, and list the others; return how many were appended."""
    count = sum(replay_accesses(lines) for lines in in_batches(lost_lines(ACCESSES), BATCH))
    batches = in_batches(lost_lines(ACCESSES), BATCH)
    restore.list_lost(ACCESSES, (line for lines in batches for line in not_recorded(lines)))
    return count


@transaction.atomic
def replay_accesses(lines: Sequence[Line]) -> int:
    """Append the acts of these lines that the database lacks, with their own numbers; return how many.

    Their reference is empty: the journal does not hold it. An act on a person unknown to this database is left out,
    because no one could see it.
    """
    lost = not_recorded(lines)
    known = set(DataSubject.objects.filter(pk__in=_subjects(lost)).values_list("pk", flat=True))
    records = [_record(line) for line in lost if UUID(line["subject_id"]) in known]
    AccessRecord.append_all(records)
    return len(records)


def not_recorded(lines: Sequence[Line]) -> list[Line]:
    """Return those of these lines whose act the database lacks."""
    held = set(AccessRecord.objects.filter(pk__in=[UUID(line["id"]) for line in lines]).values_list("pk", flat=True))
    return [line for line in lines if UUID(line["id"]) not in held]


def _record(line: Line) -> AccessRecord:
    columns = {name: line[name] for name in ("role", "act", "reason")}
    numbers = {name: UUID(line[name]) for name in ("id", "subject_id", "staff")}
    return AccessRecord(**numbers, **columns, at=datetime.fromisoformat(line["at"]))


def _subjects(lines: Sequence[Line]) -> list[UUID]:
    return list({UUID(line["subject_id"]) for line in lines})
