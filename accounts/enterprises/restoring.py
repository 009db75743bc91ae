"""After a restore: ended memberships end again, members have their newest roles, open links and offers end.

The journal does not have invitations and offers: one that was withdrawn or declined after the backup would be open
again. So all of them end, and owners make new ones.
"""

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import OPEN
from privacy.evidence.clock import database_now
from privacy.journal.models import JournalEntry
from privacy.journal.restores import Restore


@transaction.atomic
def restore_members(_restore: Restore | None = None) -> int:
    """Bring memberships to their state in the journal, and end what is open; return how many rows changed.

    No one is told: that happened at the time.
    """
    present = Membership.objects.filter(ended_at=None)
    ended = present.annotate(end=Subquery(_newest(JournalEntry.Kind.MEMBER_ENDED).values("at")[:1]))
    changed = ended.filter(end__isnull=False).update(
        ended_at=F("end"), invited_at_address=None, offered_at=None, offered_by=None
    )
    offered = present.filter(offered_at__isnull=False).update(offered_at=None, offered_by=None)
    roles = _newest(JournalEntry.Kind.MEMBER_ROLE).annotate(role=KT("details__role")).values("role")[:1]
    other = present.annotate(newest=Subquery(roles)).filter(newest__isnull=False).exclude(newest=F("role"))
    changed += offered + other.update(role=F("newest"))
    closed = Invitation.objects.filter(**OPEN).update(revoked_at=database_now(), address=None, address_index=None)
    return changed + closed


def _newest(kind: str) -> QuerySet[JournalEntry]:
    """Return the entries of one kind about the membership of the outer query, newest first."""
    entries = JournalEntry.objects.filter(kind=kind, subject_id=OuterRef("subject_id"), item=OuterRef("pk"))
    return entries.order_by("-position")
