"""`enterprises/...` and `me/enterprise/membership`: read an invitation, join, decline, leave, answer an offer."""

from http import HTTPStatus

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enterprises import services
from accounts.enterprises.queries import invitation_of, name_of_enterprise
from accounts.enterprises.refusals import REFUSED
from accounts.enterprises.roles import Role
from accounts.enterprises.shapes import LAST_OWNER, NEEDS, TAG
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED, Problem
from privacy.rest.schema import operation

GONE = REFUSED[services.InvitationGone]
EXAMPLE = {"secret": "uEGwDVhJ4bW0DQm1wsx5vZ4rvoJ6a0vS2NJ1q1aW6xk"}


class InvitationSecret(Body):
    """The secret of an invitation: the last part of its link."""

    secret = Text(max_length=100)


class OfferAnswered(Body):
    """Whether I become an owner."""

    agrees = Flag()


class InvitationSeen(serializers.Serializer):
    """An invitation, before it is answered."""

    enterprise_name = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(Role.values)
    expires_at = serializers.DateTimeField()


class InvitationRead(Endpoint):
    """`enterprises/invitation`."""

    public = True
    limited_as = {"POST": "receipt"}

    @operation(
        "enterprise_invitation_read",
        "Read an invitation, which does not use it",
        answers={200: InvitationSeen},
        body=InvitationSecret,
        example=EXAMPLE,
        errors=[GONE, RATE_LIMITED],
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Answer with the enterprise and the role."""
        found = invitation_of(self.checked(InvitationSecret)["secret"])
        if found is None:
            raise Problem(GONE)
        name = name_of_enterprise(found.enterprise_id) or None
        return Response({"enterprise_name": name, "role": found.role, "expires_at": found.expires_at})


class Join(Endpoint):
    """`enterprises/join`."""

    limited_as = {"POST": "receipt"}

    @operation(
        "enterprise_join",
        "Join the enterprise that invited me",
        answers={204: None},
        body=InvitationSecret,
        example=EXAMPLE,
        errors=[
            GONE,
            REFUSED[services.OnlyIndividuals],
            REFUSED[services.HasGuardian],
            REFUSED[services.MemberAlready],
            RATE_LIMITED,
        ],
        description=(
            "First show which enterprise it is, and that its owners see the membership, the role, the masked address "
            "of the invitation and the last sign-in, and nothing of the profile."
        ),
        method="POST",
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Join."""
        services.join(subject=self.subject, token=self.checked(InvitationSecret)["secret"])
        return Response(status=HTTPStatus.NO_CONTENT)


class Decline(Endpoint):
    """`enterprises/decline`."""

    public = True
    limited_as = {"POST": "receipt"}

    @operation(
        "enterprise_decline",
        "Decline an invitation, which needs no account",
        answers={204: None},
        body=InvitationSecret,
        example=EXAMPLE,
        errors=[GONE, RATE_LIMITED],
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Close it."""
        services.decline(token=self.checked(InvitationSecret)["secret"])
        return Response(status=HTTPStatus.NO_CONTENT)


class MyMembership(Endpoint):
    """`me/enterprise/membership`."""

    fresh_sign_in_for = ("DELETE",)

    @operation(
        "enterprise_leave",
        "Leave the enterprise",
        answers={204: None},
        errors=[NOT_FOUND, FRESH_SIGN_IN_REQUIRED, LAST_OWNER],
        description=NEEDS,
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """End it."""
        services.leave(subject=self.subject)
        return Response(status=HTTPStatus.NO_CONTENT)


class MyOffer(Endpoint):
    """`me/enterprise/ownership`."""

    fresh_sign_in_for = ("POST",)

    @operation(
        "enterprise_ownership_answer",
        "Agree to become an owner, or not",
        answers={204: None},
        body=OfferAnswered,
        example={"agrees": True},
        errors=[NOT_FOUND, FRESH_SIGN_IN_REQUIRED, REFUSED[services.NoOffer]],
        description=NEEDS,
        method="POST",
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Note the answer."""
        services.answer_offer(subject=self.subject, **self.checked(OfferAnswered))
        return Response(status=HTTPStatus.NO_CONTENT)
