"""Waits that grow with each failure under a name: a few tries are free, then each doubles the wait."""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.tries.models import TryWait

# After so long without a try the count begins again.
FORGOTTEN_AFTER = dt.timedelta(days=1)
# Locked in order, so that of two who count the same names none waits for the other in turn.
_IN_ORDER = TryWait.objects.select_for_update().order_by("pk")


@dataclass(frozen=True)
class Growing:
    """How waits grow: `free` tries without one, then `first` seconds, doubled each time, never more than `longest`."""

    free: int
    first: int
    longest: int

    def after(self, tries: int) -> int:
        """Return how many seconds the next try waits after so many."""
        over = tries - self.free
        # More doublings than any `longest` takes would only make a large number.
        return min(self.first * 2 ** min(over, 30), self.longest) if over >= 0 else 0


def take_turn(keys: Collection[bytes], growing: Growing) -> int:
    """Count one try under each key and return 0; or count none, and return in how many seconds the next is allowed.

    A try is paid for before it is looked at, so that of several at once one alone goes on where there is a wait.
    """
    now = timezone.now()
    new = [TryWait(pk=key, tried_at=now, not_before=now) for key in sorted(keys)]
    with transaction.atomic():
        TryWait.objects.bulk_create(new, ignore_conflicts=True)
        rows = list(_IN_ORDER.filter(pk__in=keys))
        left = max((row.not_before - now for row in rows), default=dt.timedelta(0))
        if left > dt.timedelta(0):
            return math.ceil(left.total_seconds())
        for row in rows:
            row.tries = 1 if now - row.tried_at > FORGOTTEN_AFTER else row.tries + 1
            row.tried_at, row.not_before = now, now + dt.timedelta(seconds=growing.after(row.tries))
            row.save(update_fields=["tries", "tried_at", "not_before"])
    return 0


def forget_waits(keys: Collection[bytes]) -> None:
    """Let the next try under each key be the first: this one was right."""
    TryWait.objects.filter(pk__in=list(keys)).delete()


def remove_old_waits() -> int:
    """Remove the waits of names that nobody tried for a day; return how many went."""
    return TryWait.objects.filter(tried_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
