"""A person's epoch: a change of the account voids all proofs from before it.

Sign-ins that wait, codes, proofs of a recovery and passkey challenges carry the epoch at which they began. A new
password, a recovery, the end of all sessions, a changed contact point and an added or removed factor begin a new one
(OWASP ASVS 5.0, 6.4 and 7.4).
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from accounts.users.models import User

# The order of `of` is the order of the locks. Rows that point at them, such as sessions, are still written.
_HELD = (
    User.objects.select_for_update(of=("subject", "self"), no_key=True)
    .select_related("subject")
    .only("epoch", "subject__id")
)


class BeginAgain(Exception):
    """The proofs so far no longer count: the person must begin again."""


def begin_new_epoch(subjects: Collection[UUID]) -> None:
    """Void the unused proofs of these persons, also those that an intruder gave.

    A transaction that also writes other rows of a person locks that person first, by `hold_epoch` or the subject's row:
    a cancellation takes the two locks in that order.
    """
    User.objects.filter(subject_id__in=subjects).update(epoch=F("epoch") + 1)


def hold_epoch(*, subject_id: UUID, epoch: int) -> None:
    """Keep a person's epoch as it is until the transaction ends. Raises `BeginAgain` where it is another by now."""
    held = list(_HELD.filter(subject_id=subject_id))
    if not held or held[0].epoch != epoch:
        raise BeginAgain("The account changed since this was proved.")
