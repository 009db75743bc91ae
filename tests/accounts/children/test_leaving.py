"""A guardian with an account of their own: their copy says that they are one; with their erasure their rights end."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.replay import replay_erasures
from privacy.guardians import proving
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from tests.children import joined_by_second, opened, page_of, registered_child, send
from tests.copies import document_of
from tests.erasures import erase
from tests.factories import make_person, make_policy
from tests.guardians import ask, guardian
from tests.privacy.erasure.restores import restored_after

ADDRESS = "parent@example.com"


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def parent(address: str = ADDRESS) -> User:
    person = make_person(phone="+4915112340000")
    mark_verified(add_contact_point(subject=person.subject, field="email", value=address))
    return person


def agreed_by_account(person: User) -> Guardianship:
    """Return the guardianship of a guardian whose proof was an account that does not have their address."""
    ask()
    child = PendingChild.objects.get()
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on"})
    proving.confirm_account(child=child, account=person.subject)
    send(browser, str(child.pk), username="mia_child", phone="+4915123456789", name="mia")
    return Guardianship.objects.get()


def test_the_copy_of_a_guardian_says_so_and_holds_nothing_of_the_child():
    person = parent()
    child = registered_child()
    [row] = document_of(person.subject)["records"]["guardians"]
    assert row["you_are"] == "guardian"
    assert {name for name, value in row.items() if value} == {"you_are", "since"}
    [own] = document_of(child.subject)["records"]["guardians"]
    assert (own["you_are"], own["of_age_on"]) == ("child", "2030-05-31")
    assert ADDRESS not in str(document_of(child.subject))


@pytest.mark.parametrize("by_account", [False, True])
def test_with_the_erasure_of_the_only_guardian_the_childs_account_ends(by_account: bool):
    person = parent("other@example.com" if by_account else ADDRESS)
    child = agreed_by_account(person) if by_account else registered_child()
    erase(person)
    assert GuardianRecord.objects.latest("position").act == "left"
    assert ErasureReceipt.objects.get(subject=person.subject).counts["accounts.children"] == 1
    assert ErasureCase.objects.get(subject=child.subject).due_at <= timezone.now()
    erase_due_accounts()
    assert not Guardianship.objects.exists()
    assert not User.objects.exists()


def test_with_another_guardian_the_childs_account_stays_open():
    person, child = parent(), registered_child()
    second = joined_by_second(child)
    erase(person)
    assert User.objects.get(subject_id=child.subject_id).is_active
    assert [one.pk for one in Guardianship.objects.filter(ended_at=None)] == [second.pk]
    left = Guardianship.objects.get(pk=child.pk)
    assert (left.ended_as, left.address, left.account) == ("left", None, None)
    assert opened("second@example.com").get(page_of(second)).status_code == 200


def test_the_erasure_of_a_child_ends_no_guardianship_over_another():
    child = registered_child()
    other = registered_child("other_child", "+4915123456780")
    erase(User.objects.get(subject_id=child.subject_id))
    assert Guardianship.objects.get().pk == other.pk
    assert ErasureCase.objects.get().subject == child.subject


def test_the_page_that_cancels_an_account_tells_a_guardian_before(signed_in: Client, person: User):
    mark_verified(add_contact_point(subject=person.subject, field="email", value=ADDRESS))
    words = "You are the parent or guardian of a child here."
    assert words not in signed_in.get("/settings/cancel/").content.decode()
    registered_child(phone="+4915123456780")
    assert words in signed_in.get("/settings/cancel/").content.decode()


def test_nothing_of_a_guardian_stays_after_their_rights_ended():
    child = registered_child()
    joined_by_second(child)
    opened().post(page_of(child, "withdraw/"), {"is_sure": "on"})
    left = Guardianship.objects.get(pk=child.pk)
    assert (left.ended_as, left.address, left.address_index) == ("withdrew", None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guardianship.objects.filter(pk=child.pk).update(address_index=ADDRESS)


@pytest.mark.parametrize("by_account", [False, True])
def test_a_restore_does_not_bring_an_erased_guardian_back(by_account: bool):
    person = parent("other@example.com" if by_account else ADDRESS)
    child = agreed_by_account(person) if by_account else registered_child()
    second = joined_by_second(child)
    with restored_after():
        erase(person)
    assert Guardianship.objects.filter(ended_at=None).count() == 2
    replay_erasures()
    assert [one.pk for one in Guardianship.objects.filter(ended_at=None)] == [second.pk]
    assert User.objects.get(subject_id=child.subject_id).is_active
