"""Replaces running children by new ones without a gap: a reload after new code was installed."""

import time

from portal.runtime.supervisor.children import Child

# A start takes seconds; on a busy machine a few times as long.
START_SECONDS = 60
# How long a replaced process may finish its work.
LEAVING_SECONDS = 30
# Two of these must not run in parallel in one folder: beat keeps its times in a file.
ALONE = frozenset({"beat"})


class Replacement:
    """A child that a new one of its role replaces."""

    def __init__(self, old: Child) -> None:
        self.old = old
        self.new = old.successor()
        self.give_up_at = time.monotonic() + START_SECONDS
        if old.role in ALONE:
            old.ask_to_stop()

    def settle(self) -> Child | None:
        """Start the new child; return the child that stays: the new one, or the old one if the new one fails.

        Returns None until that is decided.
        """
        if self.new.process is None:
            if self.old.role in ALONE and not self.old.has_stopped() and time.monotonic() < self.give_up_at:
                return None
            self.new.keep_alive()
        if self.new.is_ready():
            return self.new
        if self.new.has_stopped() or time.monotonic() > self.give_up_at:
            self.new.kill()
            return self.old
        return None


class RetiringChild:
    """A replaced child that finishes its work."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.kill_at = time.monotonic() + LEAVING_SECONDS
        child.ask_to_stop()

    def is_gone(self) -> bool:
        """Whether the process has ended; it is killed after its time."""
        if self.child.has_stopped() or time.monotonic() > self.kill_at:
            self.child.kill()
            return True
        return False
