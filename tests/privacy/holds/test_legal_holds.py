"""A hold keeps what it names and nothing else; two people decide; the rest is erased when it ends."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.profiles.models import Profile
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from privacy.encryption.keys import KeyDestroyed, forget_keys
from privacy.erasure.api import HeldThing
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.holds.queries import ending_holds, held_subjects, holds_in_force
from privacy.holds.services import (
    HoldRefused,
    NothingLeftToHold,
    approve_hold,
    ask_for_release,
    refuse_hold,
    release_hold,
)
from privacy.journal.models import JournalEntry
from privacy.subjects.models import DataSubject
from tests.chains import chain_errors
from tests.erasures import APPROVES, ASKS, asked, due, end, erase, held, release, usable_keys
from tests.factories import make_person, make_sample_policy


def test_a_hold_keeps_what_an_erasure_would_take_and_lets_a_person_correct_theirs():
    """As docs/staff.md and the form say: a hold does not freeze the data."""
    user = make_person(phone="+381641112223")
    held(user, "contact")
    mark_verified(add_contact_point(subject=user.subject, field="phone", value="+381641239999"))
    assert [contact.value for contact in ContactPoint.objects.filter(subject=user.subject)] == ["+381641239999"]
    due(user)
    erase_due_accounts()
    assert ContactPoint.objects.get(subject=user.subject).value == "+381641239999"


def test_the_requester_of_a_hold_does_not_decide_it():
    hold = asked(make_person())
    for decide in (approve_hold, refuse_hold):
        with pytest.raises(HoldRefused, match="second person"):
            decide(hold=hold, by=ASKS)
    assert not holds_in_force().exists()


def test_the_requester_of_a_release_does_not_release_and_the_hold_continues():
    user = make_person()
    hold = held(user, "contact")
    with pytest.raises(HoldRefused, match="No one has requested"):
        release_hold(hold=hold, by=APPROVES)
    ask_for_release(hold=hold, by=ASKS)
    with pytest.raises(HoldRefused, match="already"):
        ask_for_release(hold=hold, by=APPROVES)
    with pytest.raises(HoldRefused, match="second person"):
        release_hold(hold=hold, by=ASKS)
    erase(user)
    assert ContactPoint.objects.filter(subject=user.subject).exists()
    release_hold(hold=hold, by=APPROVES)
    erase_due_accounts()
    assert not ContactPoint.objects.filter(subject=user.subject).exists()


def test_the_database_insists_on_two_people_for_a_release():
    hold = held(make_person())
    ask_for_release(hold=hold, by=ASKS)
    with pytest.raises(IntegrityError, match="two_people_release"), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(released_by=ASKS)


def test_the_database_insists_on_two_people():
    hold = asked(make_person())
    with pytest.raises(IntegrityError, match="two_people_hold"), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(decided_by=ASKS)
    with pytest.raises(IntegrityError, match="a_hold_names_an_exception"), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(exception="2.1")


def test_a_hold_is_decided_once_and_released_once():
    hold = held(make_person())
    for act in (approve_hold, refuse_hold):
        with pytest.raises(HoldRefused):
            act(hold=hold, by=uuid4())
    release(hold)
    with pytest.raises(HoldRefused):
        release(hold)


def test_a_hold_that_was_only_asked_for_or_refused_keeps_nothing():
    user = make_person()
    asked(user)
    refuse_hold(hold=asked(user), by=APPROVES)
    due(user)
    erase_due_accounts()
    assert not ContactPoint.objects.filter(subject=user.subject).exists()


def test_a_hold_keeps_its_scope_to_the_field_and_the_rest_is_erased():
    user = make_person(phone="+381641112223")
    SecurityEvent.objects.create(subject=user.subject, kind="signed_in", device="Firefox on Linux")
    hold = held(user, "contact")
    case = due(user)
    erase_due_accounts()
    forget_keys()
    case.refresh_from_db()
    assert case.state == ErasureCase.State.HELD
    assert ContactPoint.objects.get(subject=user.subject).value == "+381641112223"
    assert not Profile.objects.filter(subject=user.subject).exists()
    assert not User.objects.filter(subject=user.subject).exists()
    assert not SecurityEvent.objects.filter(subject=user.subject).exists()
    assert usable_keys(user) == ["contact"]
    assert hold.until == case.due_at


def test_a_held_case_waits_for_the_hold_and_then_has_its_time(settings):
    user = make_person()
    hold = held(user, "contact")
    case = due(user)
    assert erase_due_accounts() == 2
    case.refresh_from_db()
    assert (case.due_at, case.next_attempt_at) == (hold.until, hold.until)
    assert case.deadline_at - case.due_at == settings.ERASE_WITHIN
    entry = JournalEntry.objects.get(kind="erased")
    assert entry.classes == ["account", "copies", "corrections", "messages", "requests", "security", "sign_in"]
    first_erased_at = DataSubject.objects.get(pk=user.subject_id).erased_at
    release(hold)
    case.refresh_from_db()
    assert case.due_at < timezone.now() + timedelta(minutes=1)
    assert case.deadline_at - case.due_at == settings.ERASE_WITHIN
    assert erase_due_accounts() == 2
    assert JournalEntry.objects.filter(kind="erased").latest("position").classes[:2] == ["account", "contact"]
    assert DataSubject.objects.get(pk=user.subject_id).erased_at == first_erased_at


def test_a_release_changes_no_other_case_and_no_cooling_off():
    mine, other = make_person(), make_person()
    hold, _other_hold = held(mine, "contact"), held(other, "contact")
    cooling = cancel_account(subject=mine.subject)
    waiting = due(other)
    erase_due_accounts()
    waiting.refresh_from_db()
    release(hold)
    before = cooling.due_at, waiting.due_at
    for case in (cooling, waiting):
        case.refresh_from_db()
    assert (cooling.due_at, waiting.due_at) == before


def test_the_erasure_of_another_person_stops_no_hold():
    other = make_person()
    due(other)
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=SystemExit), pytest.raises(SystemExit):
        erase_due_accounts()
    assert held(make_person(), "contact").state == LegalHold.State.APPROVED
    with pytest.raises(NothingLeftToHold) as refused:
        held(other, "contact")
    assert str(refused.value) == "This person's data has already been erased. There is nothing left to hold."


def test_the_receipt_says_what_was_kept_why_and_until_when(client):
    make_sample_policy()
    user = make_person()
    hold = held(user, "contact", "security")
    case = due(user)
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.held == [
        {
            "hold": str(hold.pk),
            "exception": "1.7.3",
            "legal_basis": "Court order 12/2026",
            "classes": ["contact", "security"],
            "until": hold.until.isoformat(timespec="seconds"),
        }
    ]
    assert "accounts.contactpoint" not in receipt.counts
    page = client.get(f"/receipts/{case.reference}/").content.decode()
    assert "Court order 12/2026" in page
    assert "1.7.3" in page
    answer = client.get(f"/api/v1/receipts/{case.reference}").json()
    assert (answer["held"][0]["clause"], answer["ground"], answer["clause"]) == ("1.7.3", "7", "7")
    assert (answer["held"][0]["ground"], answer["held"][0]["classes"]) == ("1.7.3", ["contact", "security"])
    assert answer["held"][0].keys() == HeldThing().fields.keys()
    assert answer["state"] == "held"


@pytest.mark.parametrize("by_release", [True, False], ids=["released", "expired"])
def test_the_rest_follows_by_itself_once_a_hold_ends(by_release: bool):
    user = make_person()
    hold = held(user, "contact")
    case = due(user)
    erase_due_accounts()
    assert erase_due_accounts() == 0
    if by_release:
        release(hold)
    else:
        end(hold)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == ErasureCase.State.ERASED
    assert not ContactPoint.objects.filter(subject=user.subject).exists()
    assert usable_keys(user) == []
    first, second = ErasureReceipt.objects.filter(case=case).order_by("position")
    assert first.held
    assert not second.held
    assert second.counts["accounts.contactpoint"] == 1
    assert list(chain_errors(ErasureReceipt)) == []


def test_the_longer_of_two_holds_keeps_the_data():
    user = make_person()
    short, long = held(user, "contact", days=5), held(user, "account", days=50)
    case = due(user)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.due_at == short.until
    end(short)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == ErasureCase.State.HELD
    assert case.due_at == long.until
    assert not ContactPoint.objects.filter(subject=user.subject).exists()
    assert Profile.objects.get(subject=user.subject).name


def test_a_hold_that_ends_between_rows_and_keys_is_read_again():
    user = make_person()
    hold = held(user, "contact")
    due(user)
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=SystemExit), pytest.raises(SystemExit):
        erase_due_accounts()
    release(hold)
    for _ in range(2):
        erase_due_accounts()
    assert not ContactPoint.objects.filter(subject=user.subject).exists()
    assert ErasureCase.objects.get(subject=user.subject).state == ErasureCase.State.ERASED


def test_there_is_nothing_to_hold_once_the_erasure_began():
    user = make_person()
    late = asked(user)
    due(user)
    erase_due_accounts()
    with pytest.raises(NothingLeftToHold):
        approve_hold(hold=late, by=APPROVES)


def test_a_held_person_may_be_held_for_something_else_too():
    user = make_person()
    held(user, "contact")
    due(user)
    erase_due_accounts()
    assert held(user, "contact").state == LegalHold.State.APPROVED


def test_what_was_held_stays_readable_and_what_was_not_never_opens():
    user = make_person()
    profile = Profile.objects.get(subject=user.subject)
    held(user, "contact")
    due(user)
    erase_due_accounts()
    forget_keys()
    with pytest.raises(KeyDestroyed):
        str(Profile(pk=profile.pk, subject_id=user.subject_id, name=profile.__dict__["name"]).name)


def test_a_hold_alarms_before_it_ends():
    soon, later = held(make_person(), days=10), held(make_person(), days=20)
    assert list(ending_holds()) == [soon]
    assert later in holds_in_force()


def test_a_hold_is_over_at_its_end_by_the_databases_clock():
    hold = held(make_person(), "security")
    assert held_subjects("security") == {hold.subject_id}
    assert held_subjects("contact") == set()
    end(hold)
    assert held_subjects("security") == set()
