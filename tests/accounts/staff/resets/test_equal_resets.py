"""Staff can enter a phone number for one account only: a code to it recovers access."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from accounts.contact_points.code_owners import find_owner
from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import add_contact_point
from accounts.staff import sign_in_resets
from accounts.staff.sign_in_resets import ResetRefused, confirm_reset, propose_reset
from accounts.users.models import User
from tests.changes import contacts
from tests.factories import make_person, make_staff

pytestmark = pytest.mark.django_db
LOST, LOST_TOO, NEW_PHONE = "+4915123456789", "+4915123450002", "+4915123450001"
GIVEN = {"act": "phone", "proof": "document", "phone": NEW_PHONE}


@pytest.fixture
def person() -> User:
    return make_person(phone=LOST)


@pytest.fixture
def support() -> User:
    return make_staff("Support", username="support")


@pytest.fixture
def officer() -> User:
    return make_staff("Privacy officer", username="officer")


def test_no_number_is_put_into_two_accounts(person: User, support: User, officer: User):
    confirm_reset(staff=officer, reset=propose_reset(staff=support, user=person, **GIVEN))
    other = make_person(phone=LOST_TOO)
    with translation.override("en"), pytest.raises(ResetRefused, match="already belongs to an account"):
        propose_reset(staff=support, user=other, **GIVEN)
    assert find_owner([NEW_PHONE], Code.Use.RECOVER).subject_id == person.subject_id


def test_two_resets_to_one_number_that_were_proposed_before_either_was_confirmed_end_as_one(
    person: User, support: User, officer: User, monkeypatch: pytest.MonkeyPatch
):
    other = make_person(phone=LOST_TOO)
    resets = [propose_reset(staff=support, user=user, **GIVEN) for user in (person, other)]
    confirm_reset(staff=officer, reset=resets[0])
    with pytest.raises(ResetRefused):
        confirm_reset(staff=officer, reset=resets[1])
    # At the same moment, neither sees the other's.
    monkeypatch.setattr(sign_in_resets, "is_set_for_another", lambda *_: False)
    with pytest.raises(ResetRefused):
        confirm_reset(staff=officer, reset=resets[1])
    assert contacts(other) == {LOST_TOO}
    assert ContactPoint.objects.filter(reset_at__isnull=False).count() == 1


def test_the_database_lets_staff_give_a_number_to_one_person(person: User):
    other = make_person(phone=LOST_TOO)
    for user in (person, other):
        add_contact_point(subject=user.subject, field="phone", value=NEW_PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.filter(verified_at=None).update(reset_at=timezone.now())


def test_the_migration_lets_none_of_two_equal_numbers_recover_access(person: User):
    """Before the constraint two people could have the same number."""
    migration = import_module("accounts.migrations.0018_contacts_set_by_staff")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_person_per_contact_set_by_staff")
    for user, number in (
        (person, NEW_PHONE),
        (make_person(phone=LOST_TOO), NEW_PHONE),
        (make_person(), "+4915123450003"),
    ):
        contact = add_contact_point(subject=user.subject, field="phone", value=number)
        ContactPoint.objects.filter(pk=contact.pk).update(reset_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(migration.NO_EQUAL_ONES)
    left = ContactPoint.objects.filter(reset_at__isnull=False)
    assert [contact.value for contact in left] == ["+4915123450003"]
