"""Children who waited and were deleted are in the journal, by their random numbers: a restore deletes them again."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from privacy.encryption.keys import destroy_keys
from privacy.evidence.clock import database_now
from privacy.guardians.models.deleted import DeletedChild
from privacy.guardians.models.pending import PendingChild
from privacy.journal.chains import JournalChain, in_batches
from privacy.journal.lines import Line
from privacy.journal.restores import BATCH, Restore, lost_lines
from privacy.journal.services import copy_at_once
from privacy.notices.services import delete_notices

CHILDREN = JournalChain("children", DeletedChild, ("id", "child", "at"))


def note_deleted(child_id: UUID) -> None:
    """Note in the caller's transaction that a child is deleted, and copy that to the journal after its commit."""
    DeletedChild.append(DeletedChild(child=child_id, at=database_now()))
    copy_at_once(CHILDREN)


def delete_again(_restore: Restore) -> int:
    """Delete the children of the journal's lines that a restored database lacks; return how many had come back."""
    return sum(_replay(lines) for lines in in_batches(lost_lines(CHILDREN), BATCH))


def _replay(lines: Sequence[Line]) -> int:
    numbers = [UUID(line["child"]) for line in lines]
    with transaction.atomic():
        held = set(DeletedChild.objects.filter(child__in=numbers).values_list("child", flat=True))
        back = list(PendingChild.objects.select_for_update().filter(pk__in=numbers))
        for child in back:
            delete_notices([UUID(number) for number in child.notices])
            child.delete()
        DeletedChild.append_all([_record(line) for line in lines if UUID(line["child"]) not in held])
    # Also those whose row did not come back: the keys database may be of another time.
    destroy_keys(numbers)
    return len(back)


def _record(line: Line) -> DeletedChild:
    return DeletedChild(id=UUID(line["id"]), child=UUID(line["child"]), at=dt.datetime.fromisoformat(line["at"]))
