"""`guardians/children`: a guardian's children. Each endpoint takes its child from `guardianship_of` only."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.children.api_access import CHILD_ID, NEEDS_ACCESS, NO_ACCESS, SUSPENDED, TAG, GuardianEndpoint
from accounts.children.services import NOT_AGREED, NotAgreed, delete_for_child, refuse_where_suspended, switch_for_child
from accounts.profiles.api import (
    ETAG,
    IF_MATCH,
    STALE,
    MeAnswer,
    ProfileCorrection,
    correction_answer,
    profile_answer,
)
from accounts.profiles.models import Correction
from accounts.profiles.queries import profile_of
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.export.api import CopyDocument
from privacy.export.copies import gather
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.opened import guardianship_of, guardianships_in
from privacy.inventory.purposes import optional_purposes
from privacy.rest.bodies import Body, Choice, Flag
from privacy.rest.errors import answer_with
from privacy.rest.problems import NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

CHILD_NOT_AGREED = problem_type("child_not_agreed", 409, NOT_AGREED)
answer_with(NotAgreed, lambda _error: Problem(CHILD_NOT_AGREED))


class ChildShown(serializers.Serializer):
    """One child of a guardian."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(help_text="Since when the guardian acts for the child.")
    of_age_on = serializers.DateField(help_text="The day on which the guardian's rights end.")


class PurposeShown(serializers.Serializer):
    """An optional use, and whether it is on for the child."""

    purpose = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    on = serializers.BooleanField()


class PurposeSwitch(Body):
    """An optional use to turn on or off."""

    purpose = Choice([purpose.key for purpose in optional_purposes()])
    on = Flag()


class Children(GuardianEndpoint):
    """`guardians/children`."""

    @operation(
        "guardian_children",
        "List the children of a guardian",
        answers={200: ChildShown(many=True)},
        errors=[NO_ACCESS],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with those in force."""
        return Response(ChildShown([_shown(one) for one in guardianships_in(self.http)], many=True).data)


class Child(GuardianEndpoint):
    """`guardians/children/<child>`."""

    limited_as = {"PATCH": "receipt"}

    @operation(
        "guardian_child",
        "See what is stored about a child",
        answers={200: MeAnswer},
        errors=[NO_ACCESS, NOT_FOUND],
        parameters=[CHILD_ID, ETAG],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, child: UUID) -> Response:
        """Answer with every field."""
        return profile_answer(_user_of(self, child))

    @operation(
        "guardian_child_correct",
        "Correct and supplement the data of a child",
        answers={200: MeAnswer},
        body=ProfileCorrection,
        example={"name": "Mia Maier"},
        errors=[NO_ACCESS, NOT_FOUND, SUSPENDED, STALE, RATE_LIMITED],
        parameters=[CHILD_ID, ETAG, IF_MATCH],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def patch(self, request: Request, child: UUID) -> Response:
        """Correct what was given."""
        refuse_where_suspended(guardianship_of(self.http, child))
        return correction_answer(self, user=_user_of(self, child), by=Correction.By.GUARDIAN)

    @operation(
        "guardian_child_delete",
        "Delete everything about a child at once, without a cooling-off period",
        answers={204: None},
        errors=[NO_ACCESS, NOT_FOUND],
        parameters=[CHILD_ID],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, child: UUID) -> Response:
        """Delete."""
        delete_for_child(guardianship=guardianship_of(self.http, child))
        return Response(status=204)


class CopyOfChild(GuardianEndpoint):
    """`guardians/children/<child>/copy`."""

    limited_as = {"GET": "receipt", "HEAD": "receipt"}

    @operation(
        "guardian_child_copy",
        "Read a copy of everything that is stored about a child",
        answers={200: CopyDocument},
        errors=[NO_ACCESS, NOT_FOUND, RATE_LIMITED],
        parameters=[CHILD_ID],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, child: UUID) -> Response:
        """Answer with the copy, as the child's own has it."""
        return Response(gather(guardianship_of(self.http, child).subject))


class PurposesOfChild(GuardianEndpoint):
    """`guardians/children/<child>/purposes`."""

    limited_as = {"POST": "receipt"}

    @operation(
        "guardian_child_purposes",
        "List the optional uses of a child's data",
        answers={200: PurposeShown(many=True)},
        errors=[NO_ACCESS, NOT_FOUND],
        parameters=[CHILD_ID],
        description=NEEDS_ACCESS,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, child: UUID) -> Response:
        """Answer with each, and whether it is on."""
        return Response(_purposes(guardianship_of(self.http, child)))

    @operation(
        "guardian_child_switch",
        "Turn an optional use of a child's data on or off",
        answers={200: PurposeShown(many=True)},
        body=PurposeSwitch,
        example={"purpose": "product_news", "on": False},
        errors=[NO_ACCESS, NOT_FOUND, SUSPENDED, CHILD_NOT_AGREED, RATE_LIMITED],
        parameters=[CHILD_ID],
        description=NEEDS_ACCESS,
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request, child: UUID) -> Response:
        """Switch it."""
        guardianship = guardianship_of(self.http, child)
        given, channel = self.checked(PurposeSwitch), ConsentRecord.Channel.REST
        switch_for_child(guardianship=guardianship, key=given["purpose"], on=given["on"], channel=channel)
        return Response(_purposes(guardianship))


def _shown(guardianship: Guardianship) -> dict[str, Any]:
    profile = profile_of(guardianship.subject_id)
    return {
        "id": guardianship.pk,
        "name": str(profile.name) if profile else "",
        "since": guardianship.since,
        "of_age_on": guardianship.reached_on,
    }


def _purposes(guardianship: Guardianship) -> list[dict[str, Any]]:
    on = set(purposes_in_force(guardianship.subject_id))
    found = [
        {"purpose": purpose.key, "label": str(purpose.label), "on": purpose.key in on}
        for purpose in optional_purposes()
    ]
    return PurposeShown(found, many=True).data  # type: ignore[return-value]  # a list of the members


def _user_of(endpoint: GuardianEndpoint, child: UUID) -> User:
    user = User.objects.filter(subject_id=guardianship_of(endpoint.http, child).subject_id).first()
    if user is None:
        raise Http404
    return user
