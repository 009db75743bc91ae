"""Maintenance mode: a restore is in progress, or the journal and the databases do not agree.

A folder is compared with the databases at most once a second by each process. A bucket is read by the sweep, every
`SWEEP_EVERY`: the cache keeps the result, and requests compare the databases with it, also once a second. So a
restored database is noticed within a second, and a changed bucket at the next sweep.

A bucket that does not answer causes maintenance mode only after `UNREACHABLE_SECONDS`: until then the last result
counts. No key is destroyed meanwhile, since an erasure is in the journal first. An alarm is raised at once.
"""

import datetime as dt
import logging
import time
from dataclasses import asdict, dataclass, field, replace

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, OperationalError
from redis.exceptions import RedisError

from privacy.journal.errors import DatabaseRestored, JournalError, RestoreInterrupted
from privacy.journal.identity import refuse_other_store
from privacy.journal.services import check_journal, journal_chains
from privacy.journal.store import journal_store

logger = logging.getLogger(__name__)

# How long an answer counts: each process compares the journal with the databases at most this often.
SECONDS = 1.0
FLAG = "restoring"
# Exists while databases hold only a part of a backup; an interrupted restore leaves it behind.
HALF = "half-restored"
WITH_KEYS = "with keys"
# What the sweep found in a bucket. Without the sweep, one request reads the bucket, once in this time.
FOUND, LOOKING = "journal-found", "journal-looking"
FOUND_SECONDS = max(60, int(6 * settings.SWEEP_EVERY.total_seconds()))
# Longer than a call to a bucket may take.
LOOKING_SECONDS = 30
UNREACHABLE_SECONDS = 600

_asked: tuple[float, str] = (float("-inf"), "")


@dataclass(frozen=True)
class Found:
    """What is wrong with the journal, the position and hash at the end of each chain, and since when it is unreachable.

    `unreachable_since` is in seconds since the epoch, 0 if the store answered.
    """

    why: str
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    unreachable_since: float = 0


def in_maintenance() -> bool:
    """Whether the portal is in maintenance mode now."""
    return bool(why_in_maintenance())


def why_in_maintenance() -> str:
    """Return why the portal is in maintenance mode, and what to do; empty if it is not. The log gets it once."""
    global _asked  # noqa: PLW0603 - one answer for the whole process
    at, answer = _asked
    if not _may_have_changed(at):
        return answer
    why = _reason(answer)
    if why and why != answer:
        logger.error("The portal is in maintenance mode: %s", why)
    _asked = (time.monotonic(), why)
    return why


def forget_answer() -> None:
    """Compare again at the next question."""
    global _asked  # noqa: PLW0603
    _asked = (float("-inf"), "")
    if not journal_store().is_local:
        cache.delete_many([FOUND, LOOKING])


def look_into_bucket() -> None:
    """Read a bucket and cache the result, so that no request has to. A folder is read by each request instead."""
    if not journal_store().is_local:
        found, known = _look(), _known()
        if found.unreachable_since and known and not known.why:
            since = known.unreachable_since or found.unreachable_since
            if time.time() - since < UNREACHABLE_SECONDS:
                found = replace(known, unreachable_since=since)
        cache.set(FOUND, asdict(found), FOUND_SECONDS)


def unreachable_since() -> dt.datetime | None:
    """Return since when a bucket has not answered, or None."""
    since = 0.0 if journal_store().is_local else getattr(_known(), "unreachable_since", 0.0)
    return dt.datetime.fromtimestamp(since, dt.UTC) if since else None


def is_restore_running() -> bool:
    """Whether a restore is in progress. Raises `OSError` if the store cannot be read."""
    return journal_store().exists(FLAG)


def keys_were_restored() -> bool:
    """Whether the restore in progress restored the keys, too."""
    return is_restore_running() and WITH_KEYS in journal_store().read(FLAG).decode()


def begin_restore(*, with_keys: bool = False) -> None:
    """Put the portal in maintenance mode until `end_restore`, even if this process dies."""
    with_keys = with_keys or keys_were_restored()
    journal_store().write(FLAG, WITH_KEYS.encode() if with_keys else b"")
    forget_answer()


def begin_filling() -> None:
    """Note that the databases hold only a part of a backup until `end_filling`, even if this process dies."""
    journal_store().write(HALF, b"")


def end_filling() -> None:
    """Note that the databases hold a whole backup."""
    journal_store().delete(HALF)


def refuse_half_restored() -> None:
    """Raise `RestoreInterrupted` if a restore was not completed."""
    if journal_store().exists(HALF):
        raise RestoreInterrupted(f"{journal_store().place}/{HALF}")


def end_restore() -> None:
    """End maintenance mode, unless there is something to replay."""
    journal_store().delete(FLAG)
    forget_answer()


def _may_have_changed(at: float) -> bool:
    try:
        return time.monotonic() - at >= SECONDS or (journal_store().is_local and is_restore_running())
    except OSError:
        return True


def _reason(before: str) -> str:
    try:
        if journal_store().is_local:
            return _look().why
        found = _remembered(before)
        for chain in journal_chains():
            if not found.why and chain.name in found.ends and not chain.knows(*found.ends[chain.name]):
                return str(DatabaseRestored(chain.name))
    except (OperationalError, RedisError):
        # A server that is away cannot be compared; a request that needs it fails by itself.
        return before
    return found.why


def _remembered(before: str) -> Found:
    try:
        known = _known()
        if known is None and _asked[0] > float("-inf") and not cache.add(LOOKING, 1, LOOKING_SECONDS):
            return Found(before)  # another process or thread reads it; this one uses the last answer
    except DatabaseError:  # a restore is about to create the table again
        return _look()
    if known is None:
        look_into_bucket()
        known = _known()
    return known or _look()


def _known() -> Found | None:
    known = cache.get(FOUND)
    return Found(**known) if known else None


def _look() -> Found:
    """Read the store and compare it with the databases."""
    try:
        refuse_half_restored()
        if is_restore_running():
            return Found("a restore is under way. Run manage.py replay_erasures once it is done.")
        refuse_other_store(journal_store())
        ends = check_journal()
    except JournalError as error:
        return Found(str(error))
    except OSError as error:
        why = f"the erasure journal cannot be read ({type(error).__name__}): mount {journal_store().place}."
        return Found(why, unreachable_since=time.time())
    return Found("", {name: (line["position"], line["hash"]) for name, line in ends.items()})
