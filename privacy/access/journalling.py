"""Acts of staff are copied to the journal, whole: what stands there for good must outlive a restore (5.1).

Staff and persons are numbers in them, and a reference is too narrow for a name.
"""

from privacy.access.models import AccessRecord
from privacy.journal.chains import JournalledChain
from privacy.journal.services import journal_chain

ACCESSES = JournalledChain(
    "accesses", AccessRecord, ("id", "subject_id", "staff", "role", "act", "reason", "reference", "at")
)
journal_chain(ACCESSES)
