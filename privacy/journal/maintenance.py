"""Whether the portal must serve nobody: a restore is under way, or journal and databases do not agree."""

import logging
import time

from django.db import OperationalError

from privacy.journal.chains import journal_folder
from privacy.journal.faults import HalfRestored, JournalFault
from privacy.journal.services import check_journal

logger = logging.getLogger(__name__)

# How long an answer counts: the journal is compared with the databases at most this often by each process.
SECONDS = 1.0
FLAG = "restoring"
# There while databases hold a part of a backup only: an interrupted restore leaves it behind.
HALF = "half-restored"
WITH_KEYS = "with keys"

_asked: tuple[float, str] = (float("-inf"), "")


def in_maintenance() -> bool:
    """Whether nobody is to be served now."""
    return bool(why_in_maintenance())


def why_in_maintenance() -> str:
    """Return why nobody is to be served now, and what to do; empty where all is well. The log gets it once."""
    global _asked  # noqa: PLW0603 - one answer for the whole process
    at, answer = _asked
    if not _may_have_changed(at):
        return answer
    why = _reason(answer)
    if why and why != answer:
        logger.error("The portal serves nobody: %s", why)
    _asked = (time.monotonic(), why)
    return why


def forget_answer() -> None:
    """Compare anew at the next question."""
    global _asked  # noqa: PLW0603
    _asked = (float("-inf"), "")


def is_restoring() -> bool:
    """Whether a restore is under way. Raises `OSError` where nobody may look."""
    return (journal_folder() / FLAG).exists()


def keys_were_restored() -> bool:
    """Whether the restore under way put the keys back, too."""
    return is_restoring() and WITH_KEYS in (journal_folder() / FLAG).read_text()


def begin_restoring(*, with_keys: bool = False) -> None:
    """Shut the portal until `end_restoring`, even if this process dies."""
    journal_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (journal_folder() / FLAG).touch(mode=0o600)
    with (journal_folder() / FLAG).open("a") as flag:
        flag.write(WITH_KEYS if with_keys else "")


def begin_filling() -> None:
    """Note that the databases hold a part of a backup only, until `end_filling`, even if this process dies."""
    (journal_folder() / HALF).touch()


def end_filling() -> None:
    """Note that the databases hold a whole backup."""
    (journal_folder() / HALF).unlink(missing_ok=True)


def refuse_half_restored() -> None:
    """Raise `HalfRestored` where a restore did not come to its end."""
    if (journal_folder() / HALF).exists():
        raise HalfRestored(journal_folder() / HALF)


def end_restoring() -> None:
    """Open the portal, unless there is something to replay."""
    (journal_folder() / FLAG).unlink(missing_ok=True)
    forget_answer()


def _may_have_changed(at: float) -> bool:
    try:
        return time.monotonic() - at >= SECONDS or is_restoring()
    except OSError:
        return True


def _reason(before: str) -> str:
    try:
        refuse_half_restored()
        if is_restoring():
            return "a restore is under way. Run manage.py replay_erasures once it is done."
        check_journal()
    except JournalFault as fault:
        return str(fault)
    except OSError as error:
        return f"the erasure journal cannot be read ({type(error).__name__}): mount {journal_folder()}."
    except OperationalError:
        # A database that is away can neither be compared nor served from; whoever needs it fails by itself.
        return before
    return ""
