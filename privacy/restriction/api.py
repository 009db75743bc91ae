"""`me/restriction`: whether my data is only stored; restrict it, and lift that."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED
from privacy.rest.schema import operation
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import restrictions_of
from privacy.restriction.services import lift_restriction, restrict_processing
from privacy.subjects.models import DataSubject

TAG = "Restriction"
Why, By = ProcessingRestriction.Why, ProcessingRestriction.By
NEEDS = "Needs a fresh sign-in (`auth/again`)."


class RestrictionShown(serializers.Serializer):
    """One reason for which the data is only stored."""

    why = serializers.ChoiceField(Why.values, help_text="Only `request` can be lifted here.")
    since = serializers.DateTimeField()


class RestrictionState(serializers.Serializer):
    """Whether the data is only stored."""

    is_restricted = serializers.BooleanField()
    restrictions = RestrictionShown(many=True)


class Restriction(Endpoint):
    """`me/restriction`."""

    at_the_gate = True
    fresh_sign_in_for = ("POST", "DELETE")

    @operation(
        "restriction", "Whether my data is only stored", answers={200: RestrictionState}, at_the_gate=True, tag=TAG
    )
    def get(self, request: Request) -> Response:
        """Answer with every reason."""
        return Response(_state(self.subject))

    @operation(
        "restriction_add",
        "Have my data stored only: no one but me and the law reads it, and recipients stop using it",
        answers={201: RestrictionState},
        errors=[FRESH_SIGN_IN_REQUIRED],
        description=NEEDS,
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Restrict."""
        restrict_processing(subject=self.subject, why=Why.REQUEST)
        return Response(_state(self.subject), status=201)

    @operation(
        "restriction_remove",
        "Lift the restriction that I asked for",
        answers={200: RestrictionState},
        errors=[FRESH_SIGN_IN_REQUIRED],
        description=NEEDS,
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """Lift."""
        lift_restriction(subject=self.subject, why=Why.REQUEST, by=By.SELF)
        return Response(_state(self.subject))


def _state(subject: DataSubject) -> dict[str, Any]:
    found = list(restrictions_of(subject.pk))
    shown = [{"why": one.why, "since": one.since} for one in found]
    return {"is_restricted": bool(found), "restrictions": shown}
