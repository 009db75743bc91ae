"""Journals of versions before segments: read as they are, split at the next write, never signed again."""

from pathlib import Path

import pytest

from privacy.erasure.services import cancel_account
from privacy.journal import chains
from privacy.journal.checkpoints import advance_checkpoint, checkpoint_of
from privacy.journal.earlier_files import EarlierFile
from privacy.journal.errors import JournalDamaged, JournalTruncated
from privacy.journal.lines import Line, encoded, keyed_hash, signed
from privacy.journal.maintenance import forget_answer, why_in_maintenance
from privacy.journal.segments import Generation
from privacy.journal.services import ERASURES, write_at_once, write_erasures, write_journal
from tests import journal
from tests.factories import make_person


@pytest.fixture
def earlier() -> list[Line]:
    """A journal of three lines, as an earlier version left it."""
    for _number in range(3):
        cancel_account(subject=make_person().subject)
    lines = signed(ERASURES.lines_after(0, 10), "erasures", None)
    journal.folder().mkdir(mode=0o700)
    file().write_bytes(encoded(lines))
    advance_checkpoint("erasures", lines)
    return lines


def file() -> Path:
    return journal.folder() / "erasures.jsonl"


def test_it_is_read_and_verified_as_it_is(earlier: list[Line]):
    assert isinstance(ERASURES.journal, EarlierFile)
    assert list(ERASURES.journal.lines()) == earlier
    ERASURES.check()
    ERASURES.verify()
    assert why_in_maintenance() == ""


def test_a_file_is_split_at_the_next_write(earlier: list[Line], monkeypatch):
    monkeypatch.setattr(chains, "BATCH", 2)
    cancel_account(subject=make_person().subject)
    write_journal()
    assert not file().exists()
    assert isinstance(ERASURES.journal, Generation)
    assert list(ERASURES.journal.verified_lines())[:3] == earlier
    assert checkpoint_of("erasures").position == 4
    ERASURES.verify()


def test_splitting_continues_where_it_was_stopped(earlier: list[Line]):
    file_content = file().read_bytes()
    generation = chains.present_generation(ERASURES.journal.store, "erasures")
    generation.extend(earlier[:2])
    assert isinstance(ERASURES.journal, EarlierFile)
    write_erasures()
    assert journal.text("erasures").encode() == file_content


def test_a_request_leaves_the_splitting_to_the_sweep(earlier: list[Line]):
    cancel_account(subject=make_person().subject)
    write_at_once()
    assert file().exists()
    write_journal()
    assert [line["position"] for line in ERASURES.journal.lines()] == [1, 2, 3, 4]


def test_a_line_that_a_crash_cut_short_is_left_out(earlier: list[Line]):
    file().write_bytes(file().read_bytes() + b'{"position":4,"ha')
    write_erasures()
    assert list(ERASURES.journal.lines()) == earlier


def test_a_cut_or_changed_file_is_noticed_and_kept(earlier: list[Line]):
    whole = file().read_bytes()
    file().write_bytes(whole[: whole.rindex(b"{")])
    with pytest.raises(JournalTruncated):
        write_erasures()
    file().write_bytes(whole.replace(b"cancelled", b"cancelleD", 1))
    with pytest.raises(JournalDamaged, match=r"erasures\.jsonl, line 1"):
        write_erasures()
    forget_answer()
    file().write_bytes(whole + b"\0garbage\n")
    assert "was changed or damaged" in why_in_maintenance()
    file().write_bytes(whole)
    write_erasures()


def test_a_file_without_signatures_is_rewritten():
    for _number in range(2):
        cancel_account(subject=make_person().subject)
    journal.folder().mkdir()
    file().write_bytes(encoded(ERASURES.lines_after(0, 10)))
    write_erasures()
    assert [line["position"] for line in ERASURES.journal.verified_lines()] == [1, 2]
    assert checkpoint_of("erasures").position == 2


def test_a_checkpoint_in_a_file_that_was_put_aside_is_recognised(earlier: list[Line]):
    """Keys from before a restore that an earlier version replayed."""
    proof = keyed_hash(f"put aside|{earlier[-1]['mac']}")[:32]
    file().rename(journal.folder() / f"erasures-20260701T000000000000Z-{proof}.jsonl")
    Generation(ERASURES.journal.store, "erasures", 1).complete()
    ERASURES.check()
    write_erasures()
    assert checkpoint_of("erasures").position == 3
    checkpoint_of("erasures").delete()
    advance_checkpoint("erasures", earlier)
    ERASURES.check()
    [aside] = journal.folder().glob("erasures-*.jsonl")
    aside.rename(aside.with_name("erasures-20260701T000000000000Z-" + "0" * 32 + ".jsonl"))
