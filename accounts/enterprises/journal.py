"""The journal of erasures has each ended membership and changed role, so that a restore gives no one access again.

Call these last in a transaction: they lock the end of the journal's chain.
"""

from accounts.enterprises.models import Membership
from privacy.evidence.clock import database_now
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once

Kind = JournalEntry.Kind


def note_end(membership: Membership) -> None:
    """Note in the caller's transaction that a membership ended."""
    note_at_once(entries=[_entry(membership, Kind.MEMBER_ENDED)])


def note_roles(*memberships: Membership) -> None:
    """Note in the caller's transaction which roles these members have now."""
    note_at_once(entries=[_entry(each, Kind.MEMBER_ROLE, role=each.role) for each in memberships])


def _entry(membership: Membership, kind: str, **details: str) -> JournalEntry:
    return JournalEntry(
        subject_id=membership.subject_id,
        kind=kind,
        item=membership.pk,
        at=membership.ended_at or database_now(),
        details={"jurisdiction": membership.subject.jurisdiction, **details},
    )
