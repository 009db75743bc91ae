"""A disk that is full within a line: nothing is lost, and no key is destroyed before its line is stored durably."""

import errno
import os
from unittest.mock import patch

import pytest

from privacy.erasure import erasing
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.inventory.data_stores import ModelDataStore
from privacy.journal import chains, folders
from privacy.journal.checkpoints import checkpoint_of
from privacy.journal.errors import JournalDamaged
from privacy.journal.services import ERASURES, journal_chains, write_erasures, write_journal
from tests import journal
from tests.erasures import due
from tests.factories import make_person


@pytest.fixture
def room_for(monkeypatch):
    """Let the disk take this many more bytes, or any number."""

    def room(left: int | None) -> None:
        real = os.write

        def write(descriptor, data):
            nonlocal left
            if left == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            done = real(descriptor, data[:left])
            left = left - done if left is not None else None
            return done

        monkeypatch.setattr(folders.os, "write", write)
        if left is None:
            monkeypatch.undo()

    return room


@pytest.fixture
def cancelled():
    for _number in range(3):
        cancel_account(subject=make_person().subject)


def test_a_full_disk_leaves_no_partial_lines_and_all_are_written_once_there_is_space(cancelled, room_for):
    room_for(1000)
    with pytest.raises(OSError, match="No space left"):
        write_erasures()
    assert list((journal.folder() / "erasures").iterdir()) == []
    room_for(None)
    write_journal()
    assert [line["position"] for line in ERASURES.journal.verified_lines()] == [1, 2, 3]
    for chain in journal_chains():
        chain.verify()


def test_only_this_user_reads_the_journal(cancelled):
    write_journal()
    [segment] = journal.segments("erasures")
    modes = [path.stat().st_mode & 0o777 for path in (journal.folder(), segment.parent, segment)]
    assert modes == [0o700, 0o700, 0o600]


def test_what_was_there_before_the_disk_was_full_stays_as_it_was(cancelled, room_for):
    write_journal()
    before = journal.text("erasures")
    cancel_account(subject=make_person().subject)
    room_for(1000)
    with pytest.raises(OSError, match="No space left"):
        write_erasures()
    assert journal.text("erasures") == before
    assert checkpoint_of("erasures").position == 3


def test_keys_follow_only_what_the_disk_has_for_good(cancelled, monkeypatch):
    """The writer of the first lines died before the keys followed, and maybe before the disk had them."""
    with patch.object(chains, "advance_checkpoint", side_effect=SystemExit), pytest.raises(SystemExit):
        write_erasures()
    cancel_account(subject=make_person().subject)
    done = []
    sync, advance = os.fsync, chains.advance_checkpoint
    monkeypatch.setattr(folders.os, "fsync", lambda descriptor: (done.append("synced"), sync(descriptor)))
    monkeypatch.setattr(
        chains, "advance_checkpoint", lambda *given: (done.append(given[1][-1]["position"]), advance(*given))[1]
    )
    write_erasures()
    # File and folder each time.
    assert done == ["synced", "synced", 3, "synced", "synced", 4]
    assert checkpoint_of("erasures").position == 4


def test_a_full_disk_is_held_against_no_case_and_tried_once_a_sweep(room_for):
    for _number in range(8):
        due(make_person())
    room_for(0)
    with patch.object(erasing, "write_erasures", wraps=write_erasures) as tried:
        assert erase_due_accounts() == 8
    assert tried.call_count == 1
    assert set(ErasureCase.objects.values_list("state", "attempts", "last_failure")) == {("rows_erased", 0, "")}
    room_for(None)
    assert erase_due_accounts() == 8
    assert set(ErasureCase.objects.values_list("state", "attempts")) == {("erased", 0)}


@pytest.mark.parametrize("fault", [OSError(errno.EROFS, "Read-only"), JournalDamaged("erasures", "its last line")])
def test_a_journal_that_cannot_be_written_is_logged_by_kind(fault: Exception, caplog: pytest.LogCaptureFixture):
    case = due(make_person())
    with patch.object(erasing, "write_erasures", side_effect=fault):
        assert erase_due_accounts() == 1
    case.refresh_from_db()
    assert (case.state, case.attempts) == ("rows_erased", 0)
    assert f"journal cannot be written ({type(fault).__name__})" in caplog.text
    assert erase_due_accounts() == 1


def test_a_data_store_on_a_full_disk_counts_as_a_failure_of_the_case():
    case = due(make_person())
    with patch.object(ModelDataStore, "erase", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        assert erase_due_accounts() == 0
    case.refresh_from_db()
    assert (case.attempts, case.last_failure) == (1, "erase_rows: OSError")
