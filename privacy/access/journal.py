"""Acts of staff are copied to the journal, so that they survive a restore.

Staff and persons appear as numbers. The reference is left out: staff type it, and it may contain a name.
"""

from privacy.access.models import AccessRecord
from privacy.journal.chains import JournalChain

ACCESSES = JournalChain("accesses", AccessRecord, ("id", "subject_id", "staff", "role", "act", "reason", "at"))
