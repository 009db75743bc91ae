"""What one restore brought back, the next one brings back too, from whichever backup."""

from pathlib import Path

import pytest

from tests.faults.worlds import World


@pytest.mark.long
def test_a_second_restore_keeps_cancellations_and_holds(portal: World, tmp_path: Path):
    found = portal.run(
        f"""
        from privacy.holds.models import LegalHold
        backups = {str(tmp_path / "backups")!r}
        bob, carol, other = make_people(3)
        manage("backup", backups)
        cancel_all([bob])
        hold = hold_contact(carol)
        from privacy.journal.services import ERASURES
        from tests import journal
        written = ERASURES.journal.last()["kind"]
        for _ in range(2):
            manage("restore", backups, "--yes")
            manage("replay_erasures")
        back = LegalHold.objects.get(pk=hold.pk)
        answer({{
            "the file had the hold at once": written,
            "bob is active": User.objects.get(subject_id=bob).is_active,
            "cases": list(ErasureCase.objects.values_list("state", flat=True)),
            "hold": [back.state, back.legal_basis, back.asked_by == hold.asked_by, back.decided_by == hold.decided_by],
            "the file says the basis": "Court order 12/2026" in journal.text("erasures"),
            "chain faults": list(chain_errors(JournalEntry)),
            "asked": asked()[2],
        }})
        """,
        COOLING_OFF="P7D",
    )
    assert found == {
        "the file had the hold at once": "hold_approved",
        "bob is active": False,
        "cases": ["cooling_off"],
        "hold": ["approved", "Court order 12/2026", True, True],
        "the file says the basis": False,
        "chain faults": [],
        "asked": 200,
    }


@pytest.mark.embedded
def test_whom_an_older_backup_never_knew_a_newer_one_does_not_revive(portal: World, tmp_path: Path):
    """Also with the keys of the newer backup: the person is a number without anything, and erased."""
    old, new, keys = (str(tmp_path / name) for name in ("old", "new", "keys"))
    found = portal.run(
        f"""
        make_people(1)
        manage("backup", {old!r})
        (late,) = make_people(1)
        manage("backup", {new!r}, "--keys", {keys!r})
        cancel_all([late])
        erase_due_accounts()
        manage("restore", {old!r}, "--keys", {keys!r}, "--yes")
        manage("replay_erasures")
        lived = usable_keys(late)
        manage("restore", {new!r}, "--keys", {keys!r}, "--yes")
        manage("replay_erasures")
        left = [User.objects.filter(subject_id=late).count(), User.objects.count()]
        answer([lived, usable_keys(late), *left, asked()[2]])
        """
    )
    assert found == [0, 0, 0, 1, 200]


@pytest.mark.long
@pytest.mark.embedded
def test_a_withdrawn_purpose_stays_off_and_is_asked_again(portal: World, tmp_path: Path):
    backups = str(tmp_path / "backups")
    found = portal.run(
        f"""
        from privacy.consent.models import ConsentRecord
        from privacy.consent.queries import has_unanswered_changes, latest_consent, purposes_in_force
        from privacy.consent.services import accept_version, switch_purpose
        from privacy.journal.services import write_journal
        (person, other) = (DataSubject.objects.get(pk=pk) for pk in make_people(2))
        switch_purpose(subject=person, key="product_news", on=True, channel="web")
        manage("backup", {backups!r})
        switch_purpose(subject=person, key="product_news", on=False, channel="web")
        write_journal()
        found = []
        for _ in range(2):
            manage("restore", {backups!r}, "--yes")
            manage("replay_erasures")
            found.append([purposes_in_force(person.pk), has_unanswered_changes(person), has_unanswered_changes(other)])
        last = latest_consent(person.pk)
        accept_version(subject=person, digest=last.digest, language=last.language, channel="web", purposes=[])
        write_journal()
        manage("replay_erasures")
        found.append([purposes_in_force(person.pk), has_unanswered_changes(person), list(chain_errors(ConsentRecord))])
        answer(found)
        """
    )
    assert found == [[[], True, False], [[], True, False], [[], False, []]]


@pytest.mark.long
@pytest.mark.embedded
def test_a_message_that_was_sent_is_not_sent_again(portal: World, tmp_path: Path):
    backups, keys = str(tmp_path / "backups"), str(tmp_path / "keys")
    found = portal.run(
        f"""
        from privacy.notices.services import send_due_notices
        (person,) = make_people(1)
        cancel_all([person])
        manage("backup", {backups!r}, "--keys", {keys!r})
        sent = send_due_notices()
        manage("restore", {backups!r}, "--keys", {keys!r}, "--yes")
        manage("replay_erasures")
        answer([sent > 0, send_due_notices(), list(Notice.objects.values_list("state", "last_error").distinct())])
        """,
        COOLING_OFF="P7D",
    )
    assert found == [True, 0, [["failed", "Restored"]]]
