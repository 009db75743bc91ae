"""Close the account of a person who moved to another jurisdiction: what stayed here is erased at once."""

from uuid import UUID

from privacy.erasure.models import ErasureCase
from privacy.erasure.services import begin_case, journal_entry, suspend_everywhere
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once
from privacy.subjects.models import DataSubject


def close_moved(*, subject: DataSubject, moved_to: str, continued_as: UUID) -> ErasureCase:
    """Cancel what a person who moved within this portal left behind, without cooling-off: nothing is left to keep.

    Call it in the transaction that locked the person and moved their rows to the person `continued_as`, under the
    jurisdiction `moved_to`. The sweep erases the rest and destroys the keys. Raises `IntegrityError` where the account
    is cancelled already.
    """
    case = begin_case(subject, cooling_off=None)
    case.moved_to, case.continued_as = moved_to, continued_as
    case.save(force_insert=True)
    suspend_everywhere([case])
    note_at_once(entries=[journal_entry(case, JournalEntry.Kind.CANCELLED, case.cancelled_at)])
    return case
