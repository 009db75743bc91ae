"""Index: what staff see of every package."""

from privacy.access.admin import AccessRecordAdmin
from privacy.announcements.admin import AnnouncementAdmin
from privacy.consent.admin import ConsentRecordAdmin
from privacy.erasure.admin import ErasureCaseAdmin, ErasureReceiptAdmin
from privacy.holds.admin import LegalHoldAdmin
from privacy.journal.admin import JournalEntryAdmin
from privacy.policies.admin import PolicyVersionAdmin
from privacy.recipients.admin import DeliveryAdmin, RecipientAdmin

__all__ = [
    "AccessRecordAdmin",
    "AnnouncementAdmin",
    "ConsentRecordAdmin",
    "DeliveryAdmin",
    "ErasureCaseAdmin",
    "ErasureReceiptAdmin",
    "JournalEntryAdmin",
    "LegalHoldAdmin",
    "PolicyVersionAdmin",
    "RecipientAdmin",
]
