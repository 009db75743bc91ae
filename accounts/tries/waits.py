"""Growing waits under a name: a few tries are free, then each doubles the wait."""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.tries.models import TryWait

# After this time without a try the count begins again.
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
        """Return the wait in seconds after this number of tries."""
        over = tries - self.free
        # A cap on the doublings, beyond every `longest`.
        return min(self.first * 2 ** min(over, 30), self.longest) if over >= 0 else 0


def take_turn(keys: Collection[bytes], growing: Growing) -> int:
    """Count one try under each key and return 0; or count none, and return the seconds until the next is allowed.

    A try is counted before it is checked, so that only one of several parallel tries passes where there is a wait.
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
    """Reset the waits of each key, after a right try."""
    TryWait.objects.filter(pk__in=list(keys)).delete()


def remove_old_waits() -> int:
    """Delete waits without a try for a day; return how many."""
    return TryWait.objects.filter(tried_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
