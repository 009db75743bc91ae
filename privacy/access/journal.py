"""Acts of staff are copied to the journal: what stands there for good must outlive a restore.

Staff and persons are numbers in them. The reference stays behind: staff typed it, and no rule keeps every name out.
"""

from privacy.access.models import AccessRecord
from privacy.journal.chains import JournalChain

ACCESSES = JournalChain("accesses", AccessRecord, ("id", "subject_id", "staff", "role", "act", "reason", "at"))
