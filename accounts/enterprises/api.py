"""`me/enterprise`: the enterprise that I act for, its members and its invitations."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enterprises import services
from accounts.enterprises.correcting import correct_enterprise, data_seen, profile_of_enterprise
from accounts.enterprises.forms import InvitationForm
from accounts.enterprises.queries import MemberShown, Standing, has_offer, open_invitations, shown_members, standing_of
from accounts.enterprises.roles import Role
from accounts.enterprises.shapes import (
    LAST_OWNER,
    NEEDS,
    NEEDS_AGREEMENT,
    REFUSALS_OF_ACTS,
    REFUSALS_OF_OWNERS,
    TAG,
    TOO_MANY,
    EnterpriseCorrection,
    EnterpriseShown,
    InvitationAnswer,
    InvitationMade,
    MemberAnswer,
    OwnershipOffered,
    RoleGiven,
    number_of,
)
from accounts.profiles.api import checked_values
from accounts.users.models import User
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import NOT_FOUND, RATE_LIMITED
from privacy.rest.schema import operation


class MyEnterprise(Endpoint):
    """`me/enterprise`."""

    readable_at_the_gate = True
    limited_as = {"PATCH": "correction"}

    @operation(
        "enterprise",
        "The enterprise that I act for",
        answers={200: EnterpriseShown},
        errors=[NOT_FOUND],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with its data and my role."""
        return Response(_present(standing_of(self.subject)))

    @operation(
        "enterprise_correct",
        "Correct the data of the enterprise",
        answers={200: EnterpriseShown},
        body=EnterpriseCorrection,
        example={"business_area": "Bookbinding"},
        errors=[*REFUSALS_OF_OWNERS, RATE_LIMITED],
        description="For administrators and owners. Its contact person and its sign-in are its own account's alone.",
        tag=TAG,
    )
    def patch(self, request: Request) -> Response:
        """Correct what was given."""
        standing = standing_of(self.subject)
        standing.require(Role.ADMINISTRATOR)
        given, errors = self.partly_checked(EnterpriseCorrection)
        user = User.objects.get(subject_id=standing.enterprise.pk)
        values = checked_values(profile_of_enterprise(standing.enterprise), user, given, errors)
        correct_enterprise(by=self.subject, values=values)
        return Response(_present(standing_of(self.subject)))


class Members(Endpoint):
    """`me/enterprise/members`."""

    @operation(
        "enterprise_members",
        "List the members",
        answers={200: MemberAnswer(many=True)},
        errors=REFUSALS_OF_OWNERS,
        description="For owners, in the order in which they joined.",
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with all of them."""
        standing = _owner(self)
        return Response([_present_member(each) for each in shown_members(standing.enterprise.pk)])


class Member(Endpoint):
    """`me/enterprise/members/<member>`."""

    fresh_sign_in_for = ("PATCH", "DELETE")

    @operation(
        "enterprise_member_role",
        "Change the role of a member",
        answers={204: None},
        body=RoleGiven,
        example={"role": "administrator"},
        errors=[*REFUSALS_OF_ACTS, LAST_OWNER, NEEDS_AGREEMENT],
        description=NEEDS,
        parameters=[number_of("member")],
        tag=TAG,
    )
    def patch(self, request: Request, member: UUID) -> Response:
        """Change it."""
        services.change_role(by=self.subject, number=member, role=self.checked(RoleGiven)["role"])
        return Response(status=HTTPStatus.NO_CONTENT)

    @operation(
        "enterprise_member_remove",
        "Remove a member, whose own account stays",
        answers={204: None},
        errors=[*REFUSALS_OF_ACTS, LAST_OWNER],
        description=NEEDS,
        parameters=[number_of("member")],
        tag=TAG,
    )
    def delete(self, request: Request, member: UUID) -> Response:
        """End the membership."""
        services.remove(by=self.subject, number=member)
        return Response(status=HTTPStatus.NO_CONTENT)


class OfferedOwnership(Endpoint):
    """`me/enterprise/members/<member>/ownership`."""

    fresh_sign_in_for = ("POST",)

    @operation(
        "enterprise_ownership_offer",
        "Offer the ownership to a member, who has seven days to agree",
        answers={204: None},
        body=OwnershipOffered,
        example={"hands_over": True},
        errors=REFUSALS_OF_ACTS,
        description=NEEDS,
        parameters=[number_of("member")],
        method="POST",
        tag=TAG,
    )
    def post(self, request: Request, member: UUID) -> Response:
        """Offer it."""
        services.offer_ownership(by=self.subject, number=member, **self.checked(OwnershipOffered))
        return Response(status=HTTPStatus.NO_CONTENT)


class Invitations(Endpoint):
    """`me/enterprise/invitations`."""

    limited_as = {"POST": "invitation"}
    fresh_sign_in_for = ("POST",)

    @operation(
        "enterprise_invitations",
        "List the open invitations, newest first",
        answers={200: InvitationAnswer(many=True)},
        errors=REFUSALS_OF_OWNERS,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with all of them."""
        found = open_invitations(_owner(self).enterprise.pk)
        return Response(InvitationAnswer(found, many=True).data)

    @operation(
        "enterprise_invite",
        "Invite someone",
        answers={201: InvitationAnswer},
        body=InvitationMade,
        example={"address": "maria@example.com", "role": "member"},
        errors=[*REFUSALS_OF_ACTS, TOO_MANY, RATE_LIMITED],
        description=(
            "We send a link that works once, for seven days. The answer is the same for known addresses. " + NEEDS
        ),
        method="POST",
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Send the invitation."""
        _owner(self)
        form = self.checked_by(InvitationMade, InvitationForm)
        made = services.invite(by=self.subject, **form.cleaned_data)
        return Response(InvitationAnswer(made).data, status=HTTPStatus.CREATED)


class OneInvitation(Endpoint):
    """`me/enterprise/invitations/<invitation>`."""

    @operation(
        "enterprise_invitation_withdraw",
        "Withdraw an open invitation",
        answers={204: None},
        errors=REFUSALS_OF_OWNERS,
        parameters=[number_of("invitation")],
        tag=TAG,
    )
    def delete(self, request: Request, invitation: UUID) -> Response:
        """Withdraw it."""
        services.withdraw_invitation(by=self.subject, number=invitation)
        return Response(status=HTTPStatus.NO_CONTENT)


def _owner(endpoint: Endpoint) -> Standing:
    standing = standing_of(endpoint.subject)
    standing.require(Role.OWNER)
    return standing


def _present(standing: Standing) -> dict[str, Any]:
    own = standing.membership
    values = data_seen(standing.enterprise)
    return {
        "role": standing.role.value,
        "is_own_account": own is None,
        "since": own.since if own else None,
        "ownership_offered": own is not None and has_offer(own),
        **{key: None if value is None else str(value) for key, value in values.items()},
    }


def _present_member(shown: MemberShown) -> dict[str, Any]:
    row = shown.membership
    return {
        "id": str(row.pk),
        "invited_at_address": row.invited_at_address,
        "role": row.role,
        "since": row.since,
        "last_signed_in_at": shown.last_signed_in_at,
    }
