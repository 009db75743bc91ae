"""The bodies, answers and problems of the endpoints of enterprises."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.enterprises import services
from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import SEEN_BY_MEMBERS, NotOfAnEnterprise, RoleTooLow
from accounts.enterprises.refusals import REFUSED
from accounts.enterprises.roles import Role
from accounts.profiles.api import CONFIRMED, member
from privacy.inventory.queries import personal_fields
from privacy.rest.bodies import Body, Choice, Flag, Text
from privacy.rest.errors import answer_with
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_FOUND, Problem, problem_type

TAG = "Enterprise"
ROLE_TOO_LOW = problem_type(
    "role_too_low", HTTPStatus.FORBIDDEN, _("Your role in the enterprise does not allow this. Ask an owner.")
)
for _error in (NotOfAnEnterprise, Membership.DoesNotExist, Invitation.DoesNotExist):
    answer_with(_error, lambda _found: Problem(NOT_FOUND))
answer_with(RoleTooLow, lambda _found: Problem(ROLE_TOO_LOW))
for _refusal in services.REFUSALS:
    answer_with(_refusal, lambda refused: Problem(REFUSED[type(refused)]))
LAST_OWNER, TOO_MANY = REFUSED[services.LastOwner], REFUSED[services.TooManyInvitations]
NEEDS_AGREEMENT = REFUSED[services.NeedsAgreement]
REFUSALS_OF_OWNERS = [NOT_FOUND, ROLE_TOO_LOW]
REFUSALS_OF_ACTS = [*REFUSALS_OF_OWNERS, FRESH_SIGN_IN_REQUIRED]
NEEDS = "Needs a fresh sign-in (`auth/again`)."
_FIELDS = [field for field in personal_fields() if field.key in SEEN_BY_MEMBERS]


def number_of(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)


def _shown() -> type[serializers.Serializer]:
    members: dict[str, Any] = {
        "role": serializers.ChoiceField(Role.values),
        "is_own_account": serializers.BooleanField(help_text="True for the enterprise's own account."),
        "since": serializers.DateTimeField(allow_null=True, help_text="Null for the enterprise's own account."),
        "ownership_offered": serializers.BooleanField(help_text="True if you are asked to become an owner."),
    }
    for field in _FIELDS:
        members[field.key] = serializers.CharField(allow_null=True, label=field.label)  # type: ignore[arg-type]
    return type("EnterpriseShown", (serializers.Serializer,), members | {"__doc__": "The enterprise."})


def _correction() -> type[Body]:
    members: dict[str, Any] = {
        field.key: member(field, required=False, allow_null=True, allow_blank=True) for field in _FIELDS
    }
    members["registration_number_confirmed"] = Flag(required=False, help_text=CONFIRMED)
    return type("EnterpriseCorrection", (Body,), members | {"__doc__": "The corrections."})


EnterpriseShown, EnterpriseCorrection = _shown(), _correction()


class MemberAnswer(serializers.Serializer):
    """What owners see of a member: nothing of the profile."""

    id = serializers.UUIDField()
    invited_at_address = serializers.CharField(allow_null=True, help_text="Masked.")
    role = serializers.ChoiceField(Role.values)
    since = serializers.DateTimeField()
    last_signed_in_at = serializers.DateTimeField(allow_null=True)


class InvitationAnswer(serializers.Serializer):
    """An invitation that can still be used."""

    id = serializers.UUIDField()
    address = serializers.CharField()
    role = serializers.ChoiceField(Role.values)
    invited_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationMade(Body):
    """Whom to invite, and as what."""

    address = Text(max_length=254, help_text="An e-mail address, or a mobile number with its country code.")
    role = Choice(Role.values)


class RoleGiven(Body):
    """The new role."""

    role = Choice(Role.values)


class OwnershipOffered(Body):
    """Whether the offering owner becomes an administrator once the member agrees."""

    hands_over = Flag()
