"""After a restore: children who were refused, or whose time is over, are deleted in maintenance mode."""

from privacy.guardians.journal import delete_again
from privacy.guardians.services import BATCH, delete_ended_children
from privacy.journal.restores import Restore


def restore_children(restore: Restore) -> int:
    """Delete again whom the journal names, and those whose time ended since the backup; return how many."""
    deleted = delete_again(restore)
    while ended := delete_ended_children(batch=BATCH):
        deleted += ended
    return deleted
