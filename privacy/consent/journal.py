"""Consents are copied to the journal, so that a restore can say which were lost."""

from privacy.consent.models import ConsentRecord
from privacy.journal.chains import JournalChain

CONSENTS = JournalChain("consents", ConsentRecord, ("id", "subject_id", "at"))
