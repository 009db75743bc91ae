"""What each role may do, that one owner stays, and that no one becomes an owner without agreeing."""

from uuid import UUID

import pytest

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import NotOfAnEnterprise, RoleTooLow, standing_of
from accounts.enterprises.services import (
    LastOwner,
    NeedsAgreement,
    NoOffer,
    answer_offer,
    change_role,
    invite,
    leave,
    offer_ownership,
    remove,
)
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.restriction.services import restrict_processing
from tests.enterprises import invited, make_enterprise, make_member
from tests.erasures import erase
from tests.factories import make_person
from tests.parallel import in_parallel
from tests.sign_in_clients import client_of


@pytest.fixture
def enterprise() -> User:
    return make_enterprise()


def role_of(number: UUID) -> str:
    return Membership.objects.get(pk=number).role


@pytest.mark.parametrize("role", ["member", "administrator"])
def test_only_owners_change_who_is_a_member(enterprise: User, role: str):
    person, _own = make_member(enterprise, role)
    _other, member = make_member(enterprise)
    for act in (
        lambda: invite(by=person.subject, address="a@example.com", role="member"),
        lambda: remove(by=person.subject, number=member.pk),
        lambda: change_role(by=person.subject, number=member.pk, role="administrator"),
        lambda: offer_ownership(by=person.subject, number=member.pk, hands_over=False),
    ):
        with pytest.raises(RoleTooLow):
            act()


def test_the_last_owner_among_the_members_cannot_leave_but_hands_over(enterprise: User):
    owner, own = make_member(enterprise, "owner")
    heir, member = make_member(enterprise)
    with pytest.raises(LastOwner):
        leave(subject=owner.subject)
    with pytest.raises(LastOwner):
        change_role(by=owner.subject, number=own.pk, role="member")
    offer_ownership(by=owner.subject, number=member.pk, hands_over=True)
    answer_offer(subject=heir.subject, agrees=True)
    assert (role_of(own.pk), role_of(member.pk)) == ("administrator", "owner")
    leave(subject=owner.subject)
    with pytest.raises(NotOfAnEnterprise):
        standing_of(owner.subject)


def test_a_new_owner_agrees_first(enterprise: User):
    person, member = make_member(enterprise)
    with pytest.raises(NeedsAgreement):
        change_role(by=enterprise.subject, number=member.pk, role="owner")
    with pytest.raises(NoOffer):
        answer_offer(subject=person.subject, agrees=True)
    offer_ownership(by=enterprise.subject, number=member.pk, hands_over=False)
    answer_offer(subject=person.subject, agrees=False)
    assert role_of(member.pk) == "member"
    with pytest.raises(NoOffer):
        answer_offer(subject=person.subject, agrees=True)


def test_what_a_former_owner_invited_is_withdrawn(enterprise: User):
    owner, own = make_member(enterprise, "owner")
    invited(owner)
    change_role(by=enterprise.subject, number=own.pk, role="member")
    assert Invitation.objects.filter(revoked_at__isnull=False).count() == 1


def test_no_one_acts_for_a_closed_or_restricted_enterprise_but_may_leave_it(enterprise: User):
    person, _member = make_member(enterprise, "administrator")
    restrict_processing(subject=enterprise.subject, why="request")
    with pytest.raises(NotOfAnEnterprise):
        standing_of(person.subject)
    assert "Example Ltd" not in client_of(person).get("/settings/enterprise/").content.decode()
    leave(subject=person.subject)
    assert Membership.objects.get().ended_at


def test_a_cancelled_enterprise_has_no_acting_members(enterprise: User):
    person, _member = make_member(enterprise)
    cancel_account(subject=enterprise.subject)
    with pytest.raises(NotOfAnEnterprise):
        standing_of(person.subject)


def test_erasing_the_enterprise_erases_memberships_and_invitations_and_no_member(enterprise: User):
    person, _member = make_member(enterprise)
    invited(enterprise)
    erase(enterprise)
    assert not Membership.objects.exists()
    assert not Invitation.objects.exists()
    assert User.objects.get(pk=person.pk).is_active


def test_erasing_a_member_erases_the_membership_and_invitations_to_them(enterprise: User):
    person, _member = make_member(enterprise, "owner")
    other, _kept = make_member(enterprise)
    phone = "+381641112223"
    invited_again = make_person(phone=phone)
    invite(by=enterprise.subject, address=phone, role="member")
    erase(invited_again)
    assert not Invitation.objects.filter(used_at=None).exists()
    erase(person)
    assert [each.subject_id for each in Membership.objects.all()] == [other.subject_id]
    assert standing_of(enterprise.subject).enterprise == enterprise.subject


def test_owners_see_masked_addresses_and_nothing_of_the_profile(enterprise: User):
    make_member(enterprise)
    page = client_of(enterprise).get("/settings/enterprise/").content.decode()
    assert "@example.com" in page
    assert "Maria Petrović" not in page
    assert "+38164" not in page


def test_members_see_the_data_of_the_enterprise_without_its_contact_person(enterprise: User):
    person, _member = make_member(enterprise)
    page = client_of(person).get("/settings/enterprise/").content.decode()
    assert "Example Ltd" in page
    assert "Ana Kovač" not in page
    assert "Send the invitation" not in page


def test_people_of_no_enterprise_find_no_page():
    assert client_of(make_person()).get("/settings/enterprise/").status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_of_the_last_two_owners_who_leave_at_once_one_stays():
    enterprise = make_enterprise()
    owners = [make_member(enterprise, "owner")[0] for _ in range(2)]
    outcome = in_parallel(2, lambda number: leave(subject=owners[number].subject))
    assert sorted(outcome) == ["LastOwner", "done"]
    assert Membership.objects.filter(ended_at=None, role="owner").count() == 1
