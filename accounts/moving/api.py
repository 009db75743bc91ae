"""`me/move`: what changes in another country, and the move."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth import logout
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.moving.comparison import Side, comparison
from accounts.moving.refusals import CannotMove, Why
from accounts.moving.services import Agreed, asks_age, move_account, refuse_move
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_of
from privacy.consent.api import POLICY_NOT_IN_FORCE
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.erasure.api import Receipt, present_receipt
from privacy.guardians.api import BirthMonth, checked_age
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, other_site
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, field_problem
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, INVALID, NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

TAG = "Me"
PROBLEMS = {why: problem_type(f"move_{why.value}", HTTPStatus.CONFLICT, why.label) for why in Why}
answer_with(CannotMove, lambda refused: Problem(PROBLEMS[refused.why]))
FOR = OpenApiParameter("country", str, required=True, description="The country to move to (ISO 3166-1). Unknown: 404.")


class FactShown(serializers.Serializer):
    """One fact in words, before and after the move."""

    key = serializers.CharField(help_text="Stable, for programs.")
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    before = serializers.CharField()
    after = serializers.CharField()
    changes = serializers.BooleanField()


class MoveShown(serializers.Serializer):
    """What changes in another country, and whether the person can move there now."""

    country = serializers.CharField()
    jurisdiction = serializers.CharField(help_text="Show the text of `policies/current` for it.")
    refused = serializers.ChoiceField(
        Why.values,
        allow_null=True,
        help_text="Why the person cannot move there now. `same_jurisdiction`: correct `country` at `me` instead.",
    )
    why = serializers.CharField(help_text="The same for people. Empty if they can move.")
    site = serializers.CharField(allow_null=True, help_text="The address of the site that stores that data, if known.")
    asks_birth_month = serializers.BooleanField(help_text="Whether the move needs `birth_month`.")
    facts = FactShown(many=True)


class MoveGiven(Body):
    """The country, and the agreement to its policy."""

    country = Text(schema={"pattern": "^[A-Z]{2}$"}, help_text="The country to move to (ISO 3166-1).")
    policy = Text(schema={"pattern": "^[0-9a-f]{64}$"}, help_text="The digest of the text that was shown.")
    language = Text(schema={"maxLength": 16}, help_text="The language of that text.")
    agreed = Flag(help_text="True if the person agreed. Do not preset it.")
    birth_month = BirthMonth(
        required=False, help_text="The month of birth, if `asks_birth_month`. It is checked and not stored."
    )

    def validate_country(self, country: str) -> str:
        """Refuse an unknown country."""
        if not is_country(country):
            raise serializers.ValidationError(_("Use a two-letter country code, such as DE."), "invalid_choice")
        return country

    def validate_agreed(self, agreed: bool) -> bool:
        """Refuse anything but a yes."""
        if not agreed:
            raise serializers.ValidationError(_("Tick the box if you agree, or stay where you are."), "required")
        return agreed


class MyMove(Endpoint):
    """`me/move`."""

    fresh_sign_in_for = ("POST",)
    limited_as = {"POST": "correction"}

    @operation(
        "move",
        "What changes for me in another country",
        answers={200: MoveShown},
        errors=[NOT_FOUND],
        parameters=[FOR],
        description="Staff have no profile: 404.",
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with both sides."""
        profile, country = self._profile(), request.query_params.get("country", "")
        if not is_country(country):
            raise Problem(NOT_FOUND)
        target, refused = jurisdiction_of_country(country), self._refusal(country)
        purposes = tuple(purposes_in_force(self.subject.pk))
        is_across = target.code != self.subject.jurisdiction
        facts = comparison(Side(str(profile.country), purposes), Side(country, () if is_across else purposes))
        shown = {
            "country": country,
            "jurisdiction": target.code,
            "refused": refused and refused.why,
            "why": refused.words if refused else "",
            "site": other_site(target),
            "asks_birth_month": asks_age(str(profile.country), country),
            "facts": facts,
        }
        return Response(MoveShown(shown).data)

    @operation(
        "move_add",
        "Move to a country of another jurisdiction: new keys there, what stays here is erased at once",
        answers={201: Receipt},
        body=MoveGiven,
        example={
            "country": "CN",
            "policy": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "language": "en",
            "agreed": True,
        },
        errors=[FRESH_SIGN_IN_REQUIRED, POLICY_NOT_IN_FORCE, NOT_FOUND, RATE_LIMITED, *PROBLEMS.values()],
        description="Needs a fresh sign-in (`auth/again`). Ends every token: sign in again.",
        method="POST",
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Move."""
        given, profile = self.checked(MoveGiven), self._profile()
        country = given["country"]
        refuse_move(self.subject, jurisdiction_of_country(country))
        if asks_age(str(profile.country), country):
            self._refuse_too_young(country, given.get("birth_month"))
        case = move_account(
            subject=self.subject,
            country=country,
            agreed=Agreed(given["policy"], given["language"]),
            channel=ConsentRecord.Channel.REST,
        )
        logout(self.http)
        return Response(present_receipt(case, None), status=201)

    def _profile(self) -> Profile:
        profile = profile_of(self.subject.pk)
        if profile is None:
            raise Problem(NOT_FOUND)
        return profile

    def _refusal(self, country: str) -> CannotMove | None:
        try:
            refuse_move(self.subject, jurisdiction_of_country(country))
        except CannotMove as refused:
            return refused
        return None

    def _refuse_too_young(self, country: str, birth_month: Any) -> None:
        if birth_month is None:
            raise field_problem("birth_month", "required", _("This action requires it."))
        age, errors = checked_age(country, birth_month, "birth_month")
        if errors:
            raise Problem(INVALID, errors=errors)
        if age and not age.is_reached:
            raise CannotMove(Why.TOO_YOUNG)
