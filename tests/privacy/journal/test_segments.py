"""The journal in segments: their contents, their verification, and that every change, gap or swap is noticed."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from privacy.erasure.services import cancel_account
from privacy.journal import chains, lines, segments
from privacy.journal.checkpoints import checkpoint_of
from privacy.journal.errors import JournalDamaged, JournalTruncated
from privacy.journal.segments import Generation
from privacy.journal.services import ERASURES, write_erasures, write_journal
from privacy.journal.store import JournalStore
from tests.factories import make_person


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch):
    monkeypatch.setattr(segments, "MOST_LINES", 3)
    monkeypatch.setattr(chains, "BATCH", 3)


@pytest.fixture
def cancelled() -> Callable[[int], None]:
    def cancel(count: int) -> None:
        for _number in range(count):
            cancel_account(subject=make_person().subject)

    return cancel


def generation() -> Generation:
    journal = ERASURES.journal
    assert isinstance(journal, Generation)
    return journal


def spans() -> list[tuple[int, int]]:
    return [(segment.first, segment.last) for segment in generation().segments()]


def path(number: int) -> str:
    return f"erasures/{generation().segments()[number].name}"


def test_a_full_segment_is_closed_and_one_that_is_not_is_replaced_by_a_longer_one(store: JournalStore, cancelled):
    cancelled(2)
    write_erasures()
    assert spans() == [(1, 2)]
    cancelled(5)
    write_erasures()
    assert spans() == [(1, 3), (4, 6), (7, 7)]
    assert len(store.names("erasures")) == 3
    assert [line["position"] for line in ERASURES.journal.verified_lines()] == list(range(1, 8))
    ERASURES.verify()


def test_every_segment_is_verified_by_two_of_its_lines(store: JournalStore, cancelled, monkeypatch):
    cancelled(9)
    write_erasures()
    monkeypatch.setattr(segments, "MOST_LINES", 1000)
    with (
        patch.object(lines, "_signature", wraps=lines._signature) as signatures,
        patch.object(segments, "parsed", wraps=segments.parsed) as read,
    ):
        last = generation().verify()
    assert last is not None
    assert last["position"] == 9
    assert signatures.call_count == 3
    assert read.call_count == 3 * 3


def swap_two(store: JournalStore) -> None:
    one, other = path(0), path(1)
    first, second = store.read(one), store.read(other)
    store.write(one, second)
    store.write(other, first)


def rename_one(store: JournalStore) -> None:
    store.write(path(1).replace("000000000004", "000000000005"), store.read(path(1)))
    store.delete(path(1))


DAMAGES: dict[str, Callable[[JournalStore], None]] = {
    "a byte in the middle of a segment": lambda store: store.write(
        path(1), store.read(path(1)).replace(b"cancelled", b"cancelleD", 1)
    ),
    "a line dropped": lambda store: store.write(path(1), store.read(path(1)).partition(b"\n")[2]),
    "a line added": lambda store: store.write(path(1), store.read(path(1)) * 2),
    "a segment emptied": lambda store: store.write(path(1), b""),
    "a segment missing in the middle": lambda store: store.delete(path(1)),
    "the first segment missing": lambda store: store.delete(path(0)),
    "two segments swapped": swap_two,
    "a segment renamed": rename_one,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_change_of_a_closed_segment_is_noticed(
    store: JournalStore, cancelled, damage: Callable[[JournalStore], None]
):
    cancelled(7)
    write_erasures()
    damage(store)
    with pytest.raises(JournalDamaged):
        ERASURES.verify()
    with pytest.raises(JournalDamaged):
        list(ERASURES.journal.verified_lines())


def test_a_change_of_the_last_segment_is_noticed_at_once(store: JournalStore, cancelled):
    cancelled(5)
    write_erasures()
    # Not its last line.
    store.write(path(1), store.read(path(1)).replace(b"cancelled", b"cancelleD", 1))
    with pytest.raises(JournalDamaged):
        ERASURES.check()


def test_an_older_last_segment_put_back_is_a_cut(store: JournalStore, cancelled):
    cancelled(1)
    write_erasures()
    older, content = path(0), store.read(path(0))
    cancelled(1)
    write_erasures()
    store.delete(path(0))
    store.write(older, content)
    with pytest.raises(JournalTruncated):
        ERASURES.check()


def test_a_segment_of_another_chain_is_none_of_this_one(store: JournalStore, cancelled):
    cancelled(2)
    write_journal()
    [other] = store.names("consents")
    store.delete(path(0))
    store.write(f"erasures/{other}", store.read(f"consents/{other}"))
    with pytest.raises(JournalDamaged):
        ERASURES.check()


def test_a_planted_segment_is_noticed_and_the_next_write_deletes_nothing_for_it(store: JournalStore, cancelled):
    cancelled(4)
    write_erasures()
    mine = path(0)
    planted = mine.rpartition("-")[0] + f"-{'0' * 32}.jsonl"
    store.write(planted, b"{}\n")
    cancelled(1)
    write_erasures()
    with pytest.raises(JournalDamaged):
        ERASURES.verify()
    store.delete(planted)
    ERASURES.verify()


def test_what_a_late_writer_puts_beside_a_longer_segment_harms_nothing(store: JournalStore, cancelled):
    """A host that lost its lock while a bucket was slow writes what another host wrote meanwhile."""
    cancelled(1)
    write_erasures()
    late, content = path(0), store.read(path(0))
    cancelled(1)
    write_erasures()
    store.write(late, content)
    ERASURES.check()
    ERASURES.verify()
    cancelled(1)
    write_erasures()
    assert store.names("erasures") == [generation().segments()[0].name]


def test_a_reader_continues_when_a_writer_replaces_the_next_segment(store: JournalStore, cancelled):
    cancelled(4)
    write_erasures()
    found = ERASURES.journal.verified_lines()
    seen = [next(found)["position"] for _line in range(3)]
    cancelled(1)
    write_erasures()
    assert seen + [line["position"] for line in found] == [1, 2, 3, 4, 5]


def test_keys_follow_from_the_segment_of_their_checkpoint(store: JournalStore, cancelled):
    cancelled(4)
    write_erasures()
    cancelled(3)
    with patch.object(chains, "advance_checkpoint", side_effect=SystemExit), pytest.raises(SystemExit):
        write_erasures()
    assert checkpoint_of("erasures").position == 4  # type: ignore[union-attr]
    with patch.object(Generation, "_content", autospec=True, side_effect=Generation._content) as read:
        write_erasures()
    assert checkpoint_of("erasures").position == 7  # type: ignore[union-attr]
    assert all(call.args[1].first > 3 for call in read.call_args_list)


def test_keys_with_a_checkpoint_in_no_segment_do_not_follow(store: JournalStore, cancelled):
    cancelled(7)
    write_erasures()
    head = checkpoint_of("erasures")
    assert head is not None
    type(head).objects.update(position=2, signature="0" * 64)
    with pytest.raises(JournalDamaged):
        write_erasures()
