"""Members of an enterprise over REST: every operation by every role, also with numbers of another enterprise."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.enterprises.models import Invitation, Membership
from accounts.profiles.models import Correction
from accounts.profiles.queries import profile_of
from accounts.users.models import User
from tests.app import App, registered
from tests.enterprises import invited, make_enterprise, make_member, secret_of
from tests.factories import PASSWORD, make_policy

# The least role for each operation; `member` and `invitation` are numbers of the enterprise or of another one.
OPERATIONS = [
    ("GET", "me/enterprise", None, "member"),
    ("PATCH", "me/enterprise", {"business_area": "Bookbinding"}, "administrator"),
    ("GET", "me/enterprise/licence", None, "member"),
    ("GET", "me/enterprise/members", None, "owner"),
    ("PATCH", "me/enterprise/members/{member}", {"role": "administrator"}, "owner"),
    ("DELETE", "me/enterprise/members/{member}", None, "owner"),
    ("POST", "me/enterprise/members/{member}/ownership", {"hands_over": False}, "owner"),
    ("GET", "me/enterprise/invitations", None, "owner"),
    ("POST", "me/enterprise/invitations", {"address": "new@example.com", "role": "member"}, "owner"),
    ("DELETE", "me/enterprise/invitations/{invitation}", None, "owner"),
]
RANKS = ["stranger", "member", "administrator", "owner", "account"]
WITH_NUMBERS = [each for each in OPERATIONS if "{" in each[1]]


def app_of(user: User) -> App:
    app = App()
    assert app.sign_in(str(user.username), PASSWORD).status_code == 200
    return app


def numbers_of(enterprise: User) -> dict[str, str]:
    """The numbers of a plain member and of an open invitation."""
    _person, membership = make_member(enterprise)
    invited(enterprise)
    invitation = Invitation.objects.filter(used_at=None).latest("invited_at")
    return {"member": str(membership.pk), "invitation": str(invitation.pk)}


def actor(enterprise: User, rank: str) -> App:
    """The app of someone of a rank in an enterprise."""
    if rank == "account":
        return app_of(enterprise)
    if rank == "stranger":
        return registered("DE")
    return app_of(make_member(enterprise, rank)[0])


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize(("method", "path", "body", "needed"), OPERATIONS)
def test_each_operation_needs_its_role(method: str, path: str, body: Any, needed: str, rank: str):
    make_policy("intl")
    enterprise = make_enterprise()
    answer = actor(enterprise, rank).send(method, path.format(**numbers_of(enterprise)), body)
    if rank == "stranger":
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    elif RANKS.index(rank) >= RANKS.index(needed):
        assert answer.status_code in (200, 201, 204), answer.content
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_low")


@pytest.mark.parametrize("rank", ["owner", "account"])
@pytest.mark.parametrize(("method", "path", "body", "_needed"), WITH_NUMBERS)
def test_numbers_of_another_enterprise_are_not_found(method: str, path: str, body: Any, _needed: str, rank: str):
    enterprise, other = make_enterprise(), make_enterprise("Other Ltd")
    app, numbers = actor(enterprise, rank), numbers_of(other)
    swapped = app.send(method, path.format(**numbers), body)
    unknown = app.send(method, path.format(member=uuid4(), invitation=uuid4()), body)
    assert swapped.status_code == 404
    assert swapped.json() == unknown.json()
    assert Membership.objects.get(pk=numbers["member"]).role == "member"
    assert Membership.objects.get(pk=numbers["member"]).ended_at is None
    assert Invitation.objects.get(pk=numbers["invitation"]).revoked_at is None


def test_an_invitation_is_read_declined_or_accepted_and_a_member_leaves():
    enterprise = make_enterprise()
    owner = app_of(enterprise)
    made = owner.post("me/enterprise/invitations", {"address": "maria@example.com", "role": "member"})
    assert made.json()["address"] == "maria@example.com"
    secret = {"secret": secret_of("maria@example.com")}
    assert App().post("enterprises/invitation", secret).json()["enterprise_name"] == "Example Ltd"
    assert App().post("enterprises/join", secret).status_code == 401
    person = registered("DE")
    assert person.post("enterprises/join", secret).status_code == 204
    assert App().post("enterprises/decline", secret).json()["code"] == "invitation_gone"
    [shown] = owner.get("me/enterprise/members").json()
    assert set(shown) == {"id", "invited_at_address", "role", "since", "last_signed_in_at"}
    assert shown["invited_at_address"] == "m••••@example.com"
    assert person.get("me/enterprise").json()["enterprise_name"] == "Example Ltd"
    assert person.send("DELETE", "me/enterprise/membership").status_code == 204
    assert person.get("me/enterprise").status_code == 404
    declined = {"secret": invited(enterprise)}
    assert App().post("enterprises/decline", declined).status_code == 204
    assert App().post("enterprises/invitation", declined).status_code == 410


def test_the_ownership_is_handed_over_by_two_acts():
    enterprise = make_enterprise()
    (first, own), (second, member) = make_member(enterprise, "owner"), make_member(enterprise)
    former, heir = app_of(first), app_of(second)
    refused = former.send("DELETE", "me/enterprise/membership")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    assert former.post(f"me/enterprise/members/{member.pk}/ownership", {"hands_over": True}).status_code == 204
    assert heir.get("me/enterprise").json()["ownership_offered"] is True
    assert heir.post("me/enterprise/ownership", {"agrees": True}).status_code == 204
    assert heir.post("me/enterprise/ownership", {"agrees": True}).json()["code"] == "no_offer"
    assert former.get("me/enterprise").json()["role"] == "administrator"
    assert heir.get("me/enterprise").json()["role"] == "owner"
    assert own.pk != member.pk


@pytest.mark.parametrize(("role", "by"), [("administrator", "admin"), ("owner", "owner")])
def test_the_history_says_in_which_role_a_member_corrected(role: str, by: str):
    enterprise = make_enterprise()
    app = app_of(make_member(enterprise, role)[0])
    assert app.send("PATCH", "me/enterprise", {"business_area": "Bookbinding"}).status_code == 200
    [correction] = Correction.objects.filter(subject=enterprise.subject_id)
    assert (correction.field, correction.by) == ("business_area", by)
    profile = profile_of(enterprise.subject_id)
    assert profile is not None
    assert str(profile.business_area) == "Bookbinding"


@pytest.mark.parametrize("field", ["name", "username", "phone", "time_zone"])
def test_members_cannot_correct_what_they_do_not_see(field: str):
    app = app_of(make_member(make_enterprise(), "owner")[0])
    answer = app.send("PATCH", "me/enterprise", {field: "Anything"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert "name" not in app.get("me/enterprise").json()
