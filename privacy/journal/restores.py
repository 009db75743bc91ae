"""What packages do after a restore, once the erasures of the journal are replayed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from privacy.evidence.clock import database_now
from privacy.journal.chains import JournalChain, in_batches
from privacy.journal.lines import Line, encoded
from privacy.journal.maintenance import keys_were_restored
from privacy.journal.services import journal_chains
from privacy.journal.store import journal_store

BATCH = 500
# How many ids of lost rows one object lists.
LISTED_TOGETHER = 50_000


@dataclass
class Restore:
    """What a restore lost, by chain, and the objects in the journal's store that list it by ids."""

    lost: dict[str, int] = field(default_factory=dict)
    lost_lists: list[str] = field(default_factory=list)

    def list_lost(self, chain: JournalChain, lines: Iterator[Line]) -> None:
        """Write the ids of the rows that the restored database lacks to the journal's store."""
        name = f"lost-{chain.name}-{database_now():%Y%m%dT%H%M%S%fZ}"
        self.lost[chain.name] = 0
        for number, batch in enumerate(in_batches(lines, LISTED_TOGETHER)):
            path = f"{name}.jsonl" if number == 0 else f"{name}-{number}.jsonl"
            journal_store().write(path, encoded(batch))
            self.lost_lists.append(f"{journal_store().place}/{path}")
            self.lost[chain.name] += len(batch)


@dataclass(frozen=True)
class AfterRestore:
    """A step of a package after a restore; it can be repeated. `run` returns how many rows it changed.

    Steps run by `position`. `said` is what the command prints of a number above zero, with `{count}`.
    """

    name: str
    run: Callable[[Restore], int]
    position: int
    said: str


def lost_lines(chain: JournalChain) -> Iterator[Line]:
    """Yield the lines of a chain's journal, beginning with the first one that the database lacks."""
    is_lost = False
    for lines in in_batches(chain.journal.lines(), BATCH):
        if not is_lost:
            rows = chain.model._default_manager.filter(position__in=[line["position"] for line in lines])
            held = {position: bytes(digest).hex() for position, digest in rows.values_list("position", "hash")}
        for line in lines:
            is_lost = is_lost or held.get(line["position"]) != line["hash"]
            if is_lost:
                yield line


def messages_may_have_been_sent() -> bool:
    """Return whether waiting messages may have been sent before the restore: data and keys were both restored.

    Keys that were not restored show it: the key of a message that was sent is destroyed.
    """
    if keys_were_restored():
        return True
    is_older = any(next(lost_lines(chain), None) for chain in journal_chains())
    return is_older and any(chain.is_ahead_of_keys() for chain in journal_chains())
