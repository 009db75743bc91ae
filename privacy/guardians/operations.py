"""Operations of guardians: messages, sweeps, permission, and an alarm for a child who should be gone."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from privacy.guardians import tasks
from privacy.guardians.accesses import LINK, links_late
from privacy.guardians.acting import guardian_addresses
from privacy.guardians.journal import CHILDREN
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.proving import second_messages_late
from privacy.guardians.queries import CONFIRM_GUARDIAN, SEE_PENDING, children_kept_too_long
from privacy.guardians.restoring import restore_children
from privacy.guardians.services import ACTS, ASKED, CONFIRM, MAY_REGISTER, REMINDED
from privacy.journal.restores import AfterRestore
from privacy.notices.addresses import AddressBook
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.roles import PRIVACY_OFFICER, Permissions
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched


def _line(child: PendingChild) -> str:
    return (
        f"child {child.pk} waits for a guardian and should have been deleted at {child.expires_at:%Y-%m-%d %H:%M} UTC"
    )


OPERATIONS = [
    CHILDREN,
    AfterRestore("children", restore_children, 25, "Children who had waited for a guardian deleted again: {count}."),
    AddressBook(guardian_addresses, is_own=False),
    Message(LINK, MessagePurpose.ORDINARY),
    Permissions({PRIVACY_OFFICER: (SEE_PENDING, CONFIRM_GUARDIAN)}),
    # A stranger can have one sent to any address: the lower limits apply.
    Message(ASKED, MessagePurpose.ORDINARY),
    Message(REMINDED, MessagePurpose.ORDINARY),
    Message(CONFIRM, MessagePurpose.ORDINARY),
    Message(MAY_REGISTER, MessagePurpose.ORDINARY),
    Message(ACTS, MessagePurpose.ORDINARY),
    Sweep("reminders of guardians", tasks.remind_guardians, dt.timedelta(minutes=10)),
    Sweep("second contact points of guardians", tasks.send_second_messages, dt.timedelta(minutes=10)),
    Sweep("links to the children of guardians", tasks.send_access_links),
    Sweep("old links to the children of guardians", tasks.delete_old_accesses, dt.timedelta(hours=1)),
    Sweep("children without an answer", tasks.delete_ended_children),
    Sweep("keys of children who are gone", tasks.destroy_orphaned_keys, dt.timedelta(hours=1)),
    Watched(
        "pending_children_overdue",
        _("Children who wait for a guardian and should have been deleted"),
        rows=children_kept_too_long,
        deadline="expires_at",
        severity=Severity.HOURLY,
        line=_line,
        seen_by=SEE_PENDING,
    ),
    Watched(
        "guardian_confirmations_overdue",
        _("Second contact points of guardians that were not asked in time"),
        rows=second_messages_late,
        deadline="second_due_at",
        severity=Severity.HOURLY,
        line=lambda child: f"the second contact point for child {child.pk} should have been asked by now",
        seen_by=SEE_PENDING,
    ),
    Watched(
        "guardian_links_late",
        _("Links for guardians that were not sent in time"),
        rows=links_late,
        deadline="asked_at",
        severity=Severity.HOURLY,
        line=lambda access: f"the link of guardian access {access.pk} should have been written by now",
        seen_by=SEE_PENDING,
    ),
]
