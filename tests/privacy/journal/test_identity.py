"""Hosts share one store: a host with another store does not start, is in maintenance mode, and says why."""

from contextlib import nullcontext

import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import portal as portal_command
from portal.runtime.supervisor import preparation
from privacy.erasure.replay import replay_erasures
from privacy.erasure.services import cancel_account
from privacy.journal.errors import JournalError, OtherStore, StoreMissing
from privacy.journal.identity import identity_in, known_identity
from privacy.journal.maintenance import forget_answer, why_in_maintenance
from privacy.journal.services import ERASURES, settle_store, write_journal
from privacy.journal.store import JournalStore, journal_store
from tests.factories import make_person


@pytest.fixture
def other_host(settings, tmp_path):
    """A second host, whose journal is in another folder."""
    cancel_account(subject=make_person().subject)
    write_journal()
    settings.ERASURE_JOURNAL = tmp_path / "other"
    forget_answer()


def test_a_store_is_known_from_its_first_line_on(store: JournalStore):
    assert known_identity() is None
    write_journal()
    assert known_identity() == identity_in(store)
    write_journal()
    assert known_identity() == identity_in(store)


def test_a_host_with_its_own_empty_folder_is_in_maintenance_mode_and_says_why(other_host):
    why = why_in_maintenance()
    assert "All hosts share one store" in why
    assert "other is empty" in why
    with pytest.raises(StoreMissing):
        settle_store()
    with pytest.raises(StoreMissing):
        write_journal()
    assert journal_store().names("") == []


def test_a_host_with_its_own_journal_is_in_maintenance_mode_and_says_why(other_host):
    journal_store().write("identity", b"0b0d7a52-5d8b-4c9b-8f0e-4d0f0f6f3a11\n")
    assert "is not the one of this portal's databases" in why_in_maintenance()
    with pytest.raises(OtherStore):
        settle_store()


def test_such_a_host_does_not_start(other_host, monkeypatch):
    monkeypatch.setattr(preparation, "call_command", lambda *_args, **_options: None)
    monkeypatch.setattr(portal_command, "listen", lambda _address: nullcontext())
    monkeypatch.setattr(portal_command, "Supervisor", lambda *_args, **_options: pytest.fail("it started"))
    with pytest.raises(CommandError, match="All hosts share one store"):
        call_command("portal", "--bind", "127.0.0.1:8108")


def test_a_store_that_the_databases_do_not_agree_with_is_not_adopted(settings, tmp_path):
    cancel_account(subject=make_person().subject)
    ERASURES.write()
    settings.ERASURE_JOURNAL = tmp_path / "other"
    with pytest.raises(JournalError):
        settle_store()
    assert known_identity() is None


def test_a_lost_store_is_replaced_when_the_journal_is_rewritten(other_host):
    with pytest.raises(StoreMissing):
        replay_erasures()
    replay_erasures(rewrite_journal=True)
    assert identity_in(journal_store()) == known_identity()
    assert why_in_maintenance() == ""
    assert [line["position"] for line in ERASURES.journal.lines()] == [1]


def test_a_malformed_identity_is_no_identity(other_host):
    journal_store().write("identity", b"\xff\xfe garbage")
    assert "is empty" in why_in_maintenance()
