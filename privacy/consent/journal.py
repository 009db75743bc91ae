"""Consents are copied to the journal, so that a restore can find the lost ones."""

from privacy.consent.models import ConsentRecord
from privacy.journal.chains import JournalChain

CONSENTS = JournalChain("consents", ConsentRecord, ("id", "subject_id", "at"))
