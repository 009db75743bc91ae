"""How soon a person who moved to another jurisdiction can move again, and staff who allow it earlier."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from accounts.staff.services import record_act
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.consent.models import ConsentRecord
from privacy.evidence.clock import database_now

# Clause 4 of the sample policy: where data is stored must stay true for a while.
MOVES_EVERY = dt.timedelta(days=30)


class NothingToAllow(Exception):
    """The person can move already."""


def next_move_at(subject_id: UUID) -> dt.datetime | None:
    """Return from when a person can move again; None if now: 30 days passed, or staff allowed it since the last move.

    A person who moved goes on under a new number: it holds one move at most, and an allowance that came after it.
    """
    moved = ConsentRecord.objects.filter(subject_id=subject_id, act=ConsentRecord.Act.MOVED)
    last = moved.order_by("-position").values_list("at", flat=True).first()
    if last is None or last + MOVES_EVERY <= database_now():
        return None
    allowed = AccessRecord.objects.filter(subject_id=subject_id, act=AccessRecord.Act.ALLOWED_MOVE)
    return None if allowed.exists() else last + MOVES_EVERY


def allow_another_move(*, staff: User, user: User, reason: str, reference: str) -> None:
    """Let a person move before the 30 days are over. Raises `NothingToAllow`, `IsStaffAccount`."""
    with transaction.atomic():
        if next_move_at(user.subject_id) is None:
            raise NothingToAllow
        record_act(staff, user, AccessRecord.Act.ALLOWED_MOVE, reason, reference)
