"""Steps of requests are copied to the journal as references, states and times, so that a restore knows what it lost.

The details are left out: the legal basis of a refusal is text by staff, and may contain a name.
"""

from privacy.journal.chains import JournalChain
from privacy.rights.models.evidence import RequestRecord

REQUESTS = JournalChain(
    "requests",
    RequestRecord,
    ("id", "subject_id", "request", "reference", "act", "right", "outcome", "due_at", "role", "at"),
)
