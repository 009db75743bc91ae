"""Whether the portal must serve nobody: a restore is under way, or it has yet to replay what was erased since."""

import time

from privacy.journal.services import has_forgotten, journal_folder

# How long an answer counts: the journal is compared with the database at most this often by each process.
SECONDS = 1.0
FLAG = "restoring"

_asked: tuple[float, bool] = (float("-inf"), False)


def in_maintenance() -> bool:
    """Whether nobody is to be served now."""
    global _asked  # noqa: PLW0603 - one answer for the whole process
    if is_restoring():
        return True
    at, answer = _asked
    if time.monotonic() - at >= SECONDS:
        answer = has_forgotten()
        _asked = (time.monotonic(), answer)
    return answer


def forget_answer() -> None:
    """Compare anew at the next question."""
    global _asked  # noqa: PLW0603
    _asked = (float("-inf"), False)


def is_restoring() -> bool:
    """Whether a restore is under way."""
    return (journal_folder() / FLAG).exists()


def begin_restoring() -> None:
    """Shut the portal until `end_restoring`, even if this process dies."""
    journal_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (journal_folder() / FLAG).touch()


def end_restoring() -> None:
    """Open the portal, unless there is something to replay."""
    (journal_folder() / FLAG).unlink(missing_ok=True)
    forget_answer()
