"""Index: the models of every package."""

from privacy.access.models import AccessRecord
from privacy.announcements.models import Announcement, PostponedMessage
from privacy.consent.models import ConsentRecord, ConsentTally
from privacy.encryption.models import DataKey, KeysFingerprint, SystemKey
from privacy.erasure.models import EarlierReceipt, ErasureCase, ErasureReceipt
from privacy.evidence.models import ChainHead
from privacy.export.models import DataCopy
from privacy.holds.models import LegalHold
from privacy.journal.models import JournalCheckpoint, JournalEntry, JournalStoreIdentity
from privacy.notices.models import Notice
from privacy.policies.models import Citation, CitationCheck, Clause, PolicyVersion, PublicationProposal
from privacy.recipients.models import Delivery, Recipient
from privacy.rest.models import AnsweredRequest
from privacy.retention.models import ClosedMonth, MonthlyCount, Purge
from privacy.subjects.models import DataSubject

__all__ = [
    "AccessRecord",
    "Announcement",
    "AnsweredRequest",
    "ChainHead",
    "Citation",
    "CitationCheck",
    "Clause",
    "ClosedMonth",
    "ConsentRecord",
    "ConsentTally",
    "DataCopy",
    "DataKey",
    "DataSubject",
    "Delivery",
    "EarlierReceipt",
    "ErasureCase",
    "ErasureReceipt",
    "JournalCheckpoint",
    "JournalEntry",
    "JournalStoreIdentity",
    "KeysFingerprint",
    "LegalHold",
    "MonthlyCount",
    "Notice",
    "PolicyVersion",
    "PostponedMessage",
    "PublicationProposal",
    "Purge",
    "Recipient",
    "SystemKey",
]
