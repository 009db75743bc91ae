"""Waiting messages of a restored database: they may have been sent before, so they are not sent."""

from privacy.encryption.keys import destroy_keys
from privacy.journal.restores import Restore, messages_may_have_been_sent
from privacy.notices.models import Notice

BATCH = 1000
RESTORED = "Restored"


def give_up_old_notices(_restore: Restore) -> int:
    """Give up waiting messages that may have been sent before the restore; return how many."""
    return give_up_queued_notices() if messages_may_have_been_sent() else 0


def give_up_queued_notices() -> int:
    """Destroy the keys of every waiting message, and mark it as failed; return how many there were.

    No messages are created in maintenance mode: those that wait came with a backup of data and keys, which cannot say
    whether they were sent meanwhile.
    """
    given_up = 0
    queued = Notice.objects.filter(state=Notice.State.QUEUED).order_by("pk")
    while batch := list(queued.values_list("pk", flat=True)[:BATCH]):
        destroy_keys(batch)
        Notice.objects.filter(pk__in=batch).update(
            state=Notice.State.FAILED, address=None, context=None, last_error=RESTORED
        )
        given_up += len(batch)
    return given_up
