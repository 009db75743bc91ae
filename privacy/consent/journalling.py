"""Consents are copied to the journal, so that a restore can say which were lost."""

from privacy.consent.models import ConsentRecord
from privacy.journal.chains import JournalledChain
from privacy.journal.services import journal_chain

CONSENTS = JournalledChain("consents", ConsentRecord, ("id", "subject_id", "at"))
journal_chain(CONSENTS)
