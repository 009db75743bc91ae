"""Operations of enterprises: data store, page, messages, permissions, and the removal of ended invitations."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.enterprises import tasks
from accounts.enterprises.account_page import ENTERPRISE_PAGE
from accounts.enterprises.data_store import EnterprisesStore
from accounts.enterprises.models import Membership
from accounts.enterprises.queries import (
    SEE_INVITATIONS,
    SEE_MEMBERSHIPS,
    invitations_kept_too_long,
    members_of,
    open_invitations,
)
from accounts.enterprises.restoring import restore_members
from accounts.enterprises.told import INVITED, TO_MEMBER, TO_OWNERS
from accounts.profiles.queries import kind_of_profile
from privacy.inventory.declarations import Kind
from privacy.journal.restores import AfterRestore
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.roles import PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import PersonPart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import MOST_LINES, Severity, Watched


def _of_person(subject_id: UUID) -> Mapping[str, Any]:
    """Return the memberships of a person, or the counts of an enterprise."""
    memberships = list(Membership.objects.filter(subject_id=subject_id).order_by("-since")[:MOST_LINES])
    if kind_of_profile(subject_id) != Kind.ENTERPRISE:
        return {"memberships": memberships, "invitations": None}
    return {"members": members_of(subject_id).count(), "invitations": open_invitations(subject_id).count()}


OPERATIONS = [
    EnterprisesStore(),
    ENTERPRISE_PAGE,
    Message(INVITED, MessagePurpose.UNPROVEN),
    Message(TO_MEMBER, MessagePurpose.SECURITY),
    Message(TO_OWNERS, MessagePurpose.SECURITY),
    Permissions({PRIVACY_OFFICER: (SEE_MEMBERSHIPS, SEE_INVITATIONS)}),
    PersonPart(
        "enterprise", _("Enterprise"), "admin/person/enterprises.html", _of_person, SEE_MEMBERSHIPS, position=37
    ),
    AfterRestore(
        "members",
        restore_members,
        65,
        "Memberships of enterprises ended or changed again, and invitations withdrawn: {count}.",
    ),
    Sweep("ended invitations to enterprises", tasks.delete_ended_invitations, dt.timedelta(hours=1)),
    Watched(
        "enterprise_invitations_overdue",
        _("Ended invitations to enterprises that should have been deleted"),
        rows=invitations_kept_too_long,
        deadline="expires_at",
        severity=Severity.HOURLY,
        line=lambda invitation: f"invitation {invitation.pk} should have been deleted a week after its end",
        seen_by=SEE_INVITATIONS,
    ),
]
