"""Concurrent writers of one store: one sequence, nothing lost, no false alarm, and short waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from privacy.erasure.models import ErasureCase
from privacy.erasure.replay import one_replay_at_a_time
from privacy.erasure.services import cancel_account
from privacy.journal import locks as turns
from privacy.journal import segments
from privacy.journal.checkpoints import checkpoint_of
from privacy.journal.folders import FolderStorage
from privacy.journal.identity import adopt_store, refuse_other_store
from privacy.journal.locks import JournalBusy
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES, journal_chains, settle_store, write_journal
from privacy.journal.store import JournalStore
from tests.factories import make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]
WRITERS, EACH = 3, 6


@contextmanager
def foreign_lock(name: str) -> Iterator[None]:
    """Hold the lock of a chain in another process, for any time."""
    other = connections["keys"].copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [turns.LOCKS, name])
        yield
    finally:
        other.close()


def test_writers_of_several_hosts_make_one_sequence_and_no_reader_sees_a_fault(store: JournalStore, monkeypatch):
    monkeypatch.setattr(segments, "MOST_LINES", 4)
    subjects = [make_person().subject for _number in range(WRITERS * EACH)]
    settle_store()

    def write(number: int) -> None:
        for subject in subjects[number * EACH : (number + 1) * EACH]:
            cancel_account(subject=subject)
            write_journal()

    def read(_number: int) -> None:
        for _look in range(4 * EACH):
            for chain in journal_chains():
                chain.check()
            ERASURES.verify()

    acts = [*[write] * WRITERS, read, read]
    assert in_parallel(len(acts), lambda number: acts[number](number)) == ["done"] * len(acts)
    lines = list(ERASURES.journal.verified_lines())
    assert [line["position"] for line in lines] == list(range(1, WRITERS * EACH + 1))
    assert [bytes.fromhex(line["hash"]) for line in lines] == [
        bytes(digest) for digest in JournalEntry.objects.order_by("position").values_list("hash", flat=True)
    ]
    assert checkpoint_of("erasures").position == WRITERS * EACH
    for chain in journal_chains():
        chain.verify()


def test_of_two_hosts_that_start_at_once_with_folders_of_their_own_one_is_refused(tmp_path: Path):
    stores = [JournalStore(FolderStorage(tmp_path / f"host{number}")) for number in range(2)]

    def start(number: int) -> None:
        adopt_store(stores[number], wait=timedelta(seconds=10))
        refuse_other_store(stores[number])

    assert sorted(in_parallel(2, start)) == ["StoreMissing", "done"]


def test_a_cancellation_waits_for_no_lock_of_another_process(caplog):
    subject = make_person().subject
    write_journal()
    with foreign_lock("erasures"):
        cancel_account(subject=subject)
        assert ErasureCase.objects.get().state == "cooling_off"
        assert "Another process writes the journal" in caplog.text
        assert ERASURES.journal.last() is None
    write_journal()
    assert ERASURES.journal.last()["kind"] == "cancelled"


def test_a_task_gives_up_a_lock_that_another_process_keeps(monkeypatch):
    cancel_account(subject=make_person().subject)
    with foreign_lock("receipts"), pytest.raises(JournalBusy):
        write_journal(wait=timedelta(milliseconds=50))
    assert write_journal() == 0


def test_a_replay_and_a_restore_are_kept_apart_across_hosts():
    def enter(_number: int) -> None:
        with one_replay_at_a_time():
            pass

    with one_replay_at_a_time():
        assert in_parallel(1, enter) == ["ReplayUnderWay"]
    assert in_parallel(1, enter) == ["done"]
