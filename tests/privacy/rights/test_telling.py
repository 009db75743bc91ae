"""What was carried out after a code to one address is told to the other contact points of the account."""

import json

import pytest

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.restriction.queries import is_restricted
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import Contact, Proof
from privacy.rights.services import Asker
from tests.factories import make_person
from tests.privacy.rights.filing import proven

MINE, OTHER = "ada@example.com", "+4915112345678"


@pytest.fixture
def person() -> User:
    """A person with an e-mail address, which asks, and a phone, which is told."""
    person = make_person(phone=OTHER)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=MINE))
    return person


def carry_out(person: User, *rights: str, proof: str = Proof.ONE_CODE) -> list[Notice]:
    proven(person, *rights, proof=proof, asker=Asker("DE", "en", Contact.EMAIL, MINE))
    carry_out_due()
    carry_out_due()
    return list(Notice.objects.filter(template="request_carried_out"))


def test_the_other_contact_points_hear_once_of_what_one_mailbox_asked_for(person):
    [told] = carry_out(person, "restriction", "withdrawal")
    assert is_restricted(person.subject_id)
    assert (str(told.address), told.subject) == (OTHER, person.subject)
    said = json.loads(str(told.context))["rights"]
    assert "Restrict the use of my data" in said
    assert "Withdraw my consent" in said


def test_nothing_is_told_of_what_waits_or_has_messages_of_its_own(person):
    assert carry_out(person, "correction", "deletion") == []


def test_who_signed_in_is_told_nothing_more(person):
    assert carry_out(person, "restriction", proof=Proof.SIGN_IN) == []
