"""How a guardian proves who they are: the link, and one more proof that the jurisdiction takes."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.guardians import proving
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import ProofRefused
from privacy.guardians.same_address import is_same_address
from privacy.guardians.services import GuardianAddress
from privacy.notices import limits
from privacy.notices.limits import MessagePurpose
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER
from privacy.restriction.services import restrict_processing
from privacy.subjects.models import DataSubject
from tests.copies import make_guardianship
from tests.factories import make_person, make_policy, make_staff
from tests.guardians import GUARDIAN, ask, context_of, guardian, later, path_of
from tests.privacy.guardians.test_asking import SURE
from tests.sign_in_clients import client_of

TICK = {"is_guardian": "on"}


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def waiting() -> PendingChild:
    return PendingChild.objects.get()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mia@example.com", "mia@example.com", True),
        ("mia@example.com", "MIA@Example.com", True),
        ("mia+school@example.com", "mia@example.com", True),
        ("m.i.a@gmail.com", "mia+x@googlemail.com", True),
        ("m.ia@example.com", "mia@example.com", False),
        ("mia@example.com", "mia@example.org", False),
        ("mia@proton.me", "mia+x@protonmail.com", True),
        ("mia@pm.me", "mia@proton.me", True),
        ("mia@me.com", "mia@icloud.com", True),
        ("mia@ya.ru", "mia@yandex.com", True),
        ("mia@proton.me", "mia@icloud.com", False),
        ("+4915123456789", "+4915123456789", True),
        ("+4915123456789", "+4915123456780", False),
    ],
)
def test_aliases_of_a_mailbox_are_one_address(one: str, other: str, same: bool):
    assert is_same_address(one, other) is same


@pytest.mark.parametrize("second", [GUARDIAN, "PARENT@example.com", "parent+2@example.com"])
def test_the_second_contact_point_is_another_one(second: str):
    ask()
    browser, page = guardian()
    answer = browser.post(f"{page}agree/", TICK | {"contact": second})
    assert answer.status_code == 422
    assert "an alias of it" in answer.content.decode()
    assert waiting().state == "asked"


def test_a_second_contact_point_is_asked_a_day_later_and_agrees_by_its_own_link():
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", TICK | {"contact": "+4915123456789"})
    child = waiting()
    assert (child.state, child.second_channel, child.second_address) == ("proving", "sms", "+4915123456789")
    assert proving.send_second_messages() == 0
    PendingChild.objects.update(second_due_at=timezone.now() - dt.timedelta(seconds=1))
    assert proving.send_second_messages() == 1
    assert proving.send_second_messages() == 0
    assert browser.post(f"{page}confirm/").status_code == 422
    assert waiting().state == "proving"
    phone = Client()
    opened = phone.get(path_of(context_of("guardian_confirm")["confirm_url"]))["Location"].partition("#")[0]
    assert opened == page
    assert phone.get(f"{page}confirm/").status_code == 405
    phone.post(f"{page}confirm/")
    assert waiting().state == "agreed"
    assert GuardianRecord.objects.get().proof == ["link", "second_contact"]
    assert Notice.objects.filter(template="guardian_may_register").count() == 1


def test_agreeing_again_and_again_does_not_keep_a_child_waiting():
    ask()
    browser, page = guardian()
    asked_at = waiting().asked_at
    for _time in range(4):
        browser.post(f"{page}agree/", TICK)
        later(days=6)
        asked_at -= dt.timedelta(days=6)
    left = PendingChild.objects.filter(expires_at__gt=timezone.now())
    assert not left.exists()
    browser.post(f"{page}agree/", TICK)
    assert waiting().expires_at - waiting().asked_at <= dt.timedelta(days=14)


def test_a_second_contact_point_that_is_named_late_is_still_asked():
    ask()
    browser, page = guardian()
    later(days=6, hours=23)
    browser.post(f"{page}agree/", TICK)
    later(days=5)
    browser.post(f"{page}agree/", TICK | {"contact": "+4915123456789"})
    assert waiting().second_due_at < waiting().expires_at
    later(days=1, hours=12)
    late = browser.post(f"{page}agree/", TICK | {"contact": "+4915123456780"})
    assert "No time is left" in late.content.decode()
    assert waiting().second_address == "+4915123456789"


@pytest.mark.usefixtures("limits_on")
def test_a_second_message_beyond_a_limit_is_tried_again(monkeypatch):
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", TICK | {"contact": "two@example.org"})
    PendingChild.objects.update(second_due_at=timezone.now() - dt.timedelta(seconds=1))
    with monkeypatch.context() as patched:
        patched.setitem(limits.LIMITS, MessagePurpose.ORDINARY, {"address": (0, 0)})
        assert proving.send_second_messages() == 0
    assert proving.send_second_messages() == 1
    assert Notice.objects.get(template="guardian_confirm").state == "queued"


def test_the_second_contact_point_may_refuse():
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", TICK | {"contact": "+4915123456789"})
    PendingChild.objects.update(second_due_at=timezone.now() - dt.timedelta(seconds=1))
    proving.send_second_messages()
    other, page = guardian("refuse", context_of("guardian_confirm"))
    other.post(f"{page}refuse/", SURE)
    assert not PendingChild.objects.exists()


def test_an_account_that_is_older_than_the_question_is_a_proof_after_a_fresh_sign_in():
    parent = make_person()
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", TICK)
    assert browser.get(f"{page}account/")["Location"].startswith("/sign-in/")
    signed_in = client_of(parent)
    signed_in.get(path_of(context_of()["agree_url"]))
    asked = signed_in.get(f"{page}account/")
    assert asked["Location"].startswith("/sign-in/again/")
    assert waiting().state == "proving"


def test_a_new_account_is_no_proof_and_an_older_one_is():
    older = make_person().subject
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", TICK)
    newer = make_person().subject
    with pytest.raises(ProofRefused):
        proving.confirm_account(child=waiting(), account=newer)
    DataSubject.objects.filter(pk=older.pk).update(created_at=timezone.now() - dt.timedelta(days=1))
    older.refresh_from_db()
    proving.confirm_account(child=waiting(), account=older)
    assert GuardianRecord.objects.get().proof == ["link", "account"]


@pytest.fixture
def older() -> User:
    """A registered adult, whose account is older than the question of a child, to which a guardian agreed."""
    person = make_person()
    ask()
    proving.agree_by_link(child=waiting())
    DataSubject.objects.filter(pk=person.subject_id).update(created_at=timezone.now() - dt.timedelta(days=1))
    person.subject.refresh_from_db()
    return person


def guarded(person: User, **more: object) -> None:
    """Let a guardian act, or have acted, for a person; the day of the age of 16 was yesterday."""
    make_guardianship(person.subject, reached_on=timezone.now().date() - dt.timedelta(days=1), **more)


def is_proof(person: User) -> bool:
    try:
        proving.confirm_account(child=waiting(), account=person.subject)
    except proving.ProofRefused:
        assert waiting().state == "proving"
        return False
    return True


STATES = {
    "in order": (lambda _person: None, True),
    "a guardian acts for it": (lambda person: guarded(person, ended_at=None, ended_as=""), False),
    "a guardian withdrew": (lambda person: guarded(person, ended_as="withdrew"), False),
    "of the age of consent, and below 18": (guarded, False),
    "18 since": (lambda person: guarded(person) or reached_long_ago(person), True),
    "restricted": (lambda person: restrict_processing(subject=person.subject, why="request"), False),
    "in quarantine": (lambda person: restrict_processing(subject=person.subject, why="quarantine"), False),
    "cancelled": (lambda person: cancel_account(subject=person.subject), False),
    "inactive": (lambda person: User.objects.filter(pk=person.pk).update(is_active=False), False),
    "not verified": (lambda person: User.objects.filter(pk=person.pk).update(verified_at=None), False),
    "of staff, who were never asked": (lambda person: Profile.objects.filter(subject=person.subject).delete(), False),
}


def reached_long_ago(person: User) -> None:
    guardianship = Guardianship.objects.get(subject=person.subject)
    guardianship.reached_on = timezone.now().date() - dt.timedelta(days=3 * 366)
    guardianship.save()


@pytest.mark.parametrize("state", STATES)
def test_only_the_account_of_an_adult_that_is_in_order_is_a_proof(older: User, state: str):
    come, expected = STATES[state]
    come(older)
    assert is_proof(older) is expected


def test_no_proof_counts_before_the_link():
    ask()
    with pytest.raises(ProofRefused):
        proving.confirm_document(child=waiting())


def test_a_jurisdiction_decides_which_proofs_count(monkeypatch):
    ask()
    proving.agree_by_link(child=waiting())
    monkeypatch.setattr("privacy.guardians.proving.proofs_for", lambda _child: ("document",))
    with pytest.raises(ProofRefused):
        proving.confirm_second(child=waiting())
    with pytest.raises(ProofRefused):
        proving.agree_by_link(child=waiting(), second=GuardianAddress("email", "two@example.com", "en"))
    proving.confirm_document(child=waiting())
    assert waiting().state == "agreed"


def test_staff_confirm_a_document_and_others_cannot():
    ask()
    proving.agree_by_link(child=waiting())
    path = f"/admin/privacy/pendingchild/{waiting().pk}/confirm/"
    assert client_of(make_staff(AUDITOR, username="auditor")).post(path).status_code == 403
    officer = client_of(make_staff(PRIVACY_OFFICER))
    page = officer.get(f"/admin/privacy/pendingchild/{waiting().pk}/change/").content.decode()
    assert "I saw the document" in page
    assert GUARDIAN not in page
    assert officer.post(path).status_code == 302
    assert waiting().state == "agreed"
