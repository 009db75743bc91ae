"""Every page of an enterprise by every role, also with numbers of another enterprise."""

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enterprises import urls
from accounts.enterprises.models import Invitation, Membership
from accounts.users.models import User
from tests.enterprises import invited, make_enterprise, make_member
from tests.factories import make_person
from tests.sign_in_clients import fresh_client_of

RANKS = ["stranger", "member", "administrator", "owner", "account"]
# The method, what is sent, and the least role.
PAGES: dict[str, tuple[str, dict[str, str], str]] = {
    "enterprise": ("get", {}, "member"),
    "correct_enterprise": ("get", {}, "administrator"),
    "enterprise_licence": ("get", {}, "administrator"),
    "invite_member": ("post", {"address": "new@example.com", "role": "member"}, "owner"),
    "change_role": ("post", {"role": "administrator"}, "owner"),
    "remove_member": ("post", {}, "owner"),
    "offer_ownership": ("post", {}, "owner"),
    "withdraw_invitation": ("post", {}, "owner"),
}
# A member's own: nobody does these for somebody else.
OWN = {"leave_enterprise", "answer_offer", "join_enterprise"}
NUMBERED = ["change_role", "remove_member", "offer_ownership", "withdraw_invitation"]


def numbers_of(enterprise: User) -> dict[str, Membership | Invitation]:
    """A plain member and an open invitation of an enterprise."""
    _person, membership = make_member(enterprise)
    invited(enterprise)
    return {"member": membership, "invitation": Invitation.objects.filter(used_at=None).latest("invited_at")}


def address_of(page: str, numbers: dict[str, Membership | Invitation]) -> str:
    if page not in NUMBERED:
        return reverse(page)
    return reverse(page, args=[numbers["invitation" if page == "withdraw_invitation" else "member"].pk])


def actor(enterprise: User, rank: str) -> User:
    if rank == "account":
        return enterprise
    return make_person() if rank == "stranger" else make_member(enterprise, rank)[0]


def status(page: str, who: User, address: str) -> int:
    method, data, _needed = PAGES[page]
    return int(getattr(fresh_client_of(who), method)(address, data).status_code)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_needs_its_role(page: str, rank: str):
    enterprise = make_enterprise()
    found = status(page, actor(enterprise, rank), address_of(page, numbers_of(enterprise)))
    if rank == "stranger":
        assert found == HTTPStatus.NOT_FOUND
    elif RANKS.index(rank) < RANKS.index(PAGES[page][2]):
        assert found == HTTPStatus.FORBIDDEN
    else:
        assert found in (HTTPStatus.OK, HTTPStatus.FOUND)


@pytest.mark.parametrize("rank", ["owner", "account"])
@pytest.mark.parametrize("page", NUMBERED)
def test_numbers_of_another_enterprise_are_not_found(page: str, rank: str):
    enterprise, other = make_enterprise(), make_enterprise("Other Ltd")
    who, numbers = actor(enterprise, rank), numbers_of(other)
    assert status(page, who, address_of(page, numbers)) == HTTPStatus.NOT_FOUND
    assert status(page, who, reverse(page, args=[uuid4()])) == HTTPStatus.NOT_FOUND
    kept = Membership.objects.get(pk=numbers["member"].pk)
    assert (kept.role, kept.ended_at, kept.offered_at) == ("member", None, None)
    assert Invitation.objects.get(pk=numbers["invitation"].pk).revoked_at is None


def test_no_page_is_left_out():
    assert {each.name for each in urls.urlpatterns} == set(PAGES) | OWN
