"""`me`: view and correct personal data, and list corrections (clause 6.1.1 of the sample policy)."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.contact_points.services import contacts_in_use
from accounts.profiles.company_numbers import NumberKind
from accounts.profiles.forms import ATTESTED, OTHER_JURISDICTION, ProfileForm, checked_together, count_username_asked
from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import corrections_of, profile_keys, profile_of, profile_values
from accounts.profiles.services import OtherJurisdiction, correct_locked, lock_profile
from accounts.profiles.terms import NO_FIXED_TERM
from accounts.profiles.verified_enterprise import mark_of
from accounts.users.models import User
from accounts.users.services import UsernameTaken
from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.queries import fields_for, personal_fields
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.conditional import etag_of, tags_in
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, errors_of, field_problem, merge_errors
from privacy.rest.problems import INVALID, NOT_FOUND, RATE_LIMITED, Errors, Problem, field_error, problem_type
from privacy.rest.schema import PAGE, operation, paged
from privacy.subjects.models import DataSubject

STALE = problem_type("stale", 412, _("The data has changed since you read it. Read it again and repeat the change."))
CONTACTS = ("phone", "email", "enterprise_email")
SCHEMAS = {
    "business_period_start": {"format": "date"},
    "business_period_end": {
        "pattern": f"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{NO_FIXED_TERM})$",
        "description": f"A date, or `{NO_FIXED_TERM}`.",
    },
}
OF_THE_NUMBER = ("registration_number_kind", "registration_number_needs_review")
CONFIRMED = (
    "True if the person compared the number with the licence or the company register. "
    "A number refused as `checksum_mismatch` or `unknown_shape` is then accepted, and staff check it."
)
ATTESTED_HELP = (
    "True if the person states that they are the contact person of the enterprise, or were allowed to give their data. "
    "Do not preset it."
)
answer_with(
    OtherJurisdiction,
    lambda _error: field_problem("country", "other_jurisdiction", OTHER_JURISDICTION.message),
)
answer_with(
    UsernameTaken,
    lambda _error: field_problem("username", "username_taken", _("This username is taken. Choose another.")),
)


def member(declared: PersonalField, **options: Any) -> Text:
    """Return the member of a request's body that holds a declared field; its form checks the value."""
    schema: dict[str, Any] = SCHEMAS.get(declared.key) or {"maxLength": declared.max_length}
    if declared.key == "password":
        schema["format"] = "password"
    words = format_lazy("{} Without it: {}", declared.why, declared.without)
    return Text(schema=schema, label=declared.label, help_text=words, **options)


def _correction_body() -> type[Body]:
    held = [declared for declared in personal_fields() if declared.key in (*profile_keys(), "username")]
    members: dict[str, Any] = {
        declared.key: member(declared, required=False, allow_null=True, allow_blank=True) for declared in held
    }
    members["registration_number_confirmed"] = Flag(required=False, help_text=CONFIRMED)
    members[ATTESTED] = Flag(required=False, help_text=f"Needed with another `name` of an enterprise. {ATTESTED_HELP}")
    shown_only = (
        "subject",
        "kind",
        "jurisdiction",
        "registered_at",
        "updated_at",
        *OF_THE_NUMBER,
        "is_verified_enterprise",
        "password",
        *CONTACTS,
    )
    return type("ProfileCorrection", (Body,), members | {"shown_only": shown_only, "__doc__": "The corrections."})


def _me_answer() -> type[serializers.Serializer]:
    members: dict[str, Any] = {
        "subject": serializers.UUIDField(),
        "kind": serializers.ChoiceField([kind.value for kind in Kind]),
        "jurisdiction": serializers.CharField(),
        "registered_at": serializers.DateTimeField(),
        "updated_at": serializers.DateTimeField(),
    }
    for declared in personal_fields():
        if declared.key != "password":
            is_always_there = set(Kind) == set(declared.required_for) and declared.key not in CONTACTS
            members[declared.key] = serializers.CharField(
                allow_null=not is_always_there,
                required=len(declared.kinds) == len(Kind),
                label=declared.label,  # type: ignore[arg-type]  # lazy, as Django means it
                help_text=declared.why,  # type: ignore[arg-type]  # lazy, as Django means it
            )
    members["registration_number_kind"] = serializers.ChoiceField(
        [kind.value for kind in NumberKind],
        allow_null=True,
        required=False,
        help_text="The kind of registration number. Null if there is no number or its kind is not known yet.",
    )
    members["registration_number_needs_review"] = serializers.BooleanField(
        required=False, help_text="True if the person confirmed a doubtful number that staff have not checked yet."
    )
    members["is_verified_enterprise"] = serializers.BooleanField(
        required=False, help_text="True if the enterprise has the mark now. `me/requirements` says what it needs."
    )
    return type("Me", (serializers.Serializer,), members | {"__doc__": "My profile."})


ProfileCorrection = _correction_body()
MeAnswer = _me_answer()
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200], description="The version that you read.")
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you read. If the data has changed since then, the response is 412.",
)


class CorrectionEntry(serializers.Serializer):
    """A corrected field, without its values."""

    id = serializers.UUIDField()
    field = serializers.CharField()
    by = serializers.ChoiceField(Correction.By.values)
    at = serializers.DateTimeField()


class Me(Endpoint):
    """The data that a person gave."""

    readable_at_the_gate = True
    limited_as = {"PATCH": "correction"}

    @operation(
        "me",
        "See my data",
        answers={200: MeAnswer},
        errors=[NOT_FOUND],
        parameters=[ETAG],
        description="Members of the other kind of registration are absent. Staff have no profile: 404.",
        at_the_gate=True,
        tag="Me",
    )
    def get(self, request: Request) -> Response:
        """Answer with every field."""
        return profile_answer(self.user)

    @operation(
        "me_correct",
        "Correct and supplement my data",
        answers={200: MeAnswer},
        body=ProfileCorrection,
        example={"company_name": "Groß & Söhne", "time_zone": "Europe/Berlin"},
        errors=[NOT_FOUND, STALE, RATE_LIMITED],
        parameters=[ETAG, IF_MATCH],
        description="Members that you leave out do not change. Null or an empty string clears an optional member.",
        tag="Me",
    )
    def patch(self, request: Request) -> Response:
        """Correct what was given."""
        return correction_answer(self, user=self.user)


class Corrections(Endpoint):
    """Which fields were corrected."""

    at_the_gate = True

    @operation(
        "corrections",
        "List corrections of my data, newest first",
        answers={200: paged("CorrectionPage", CorrectionEntry)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag="Me",
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        return self.page(
            corrections_of(self.subject.pk),
            "-at",
            lambda row: {"id": str(row.pk), "field": row.field, "by": row.by, "at": row.at},
        )


def profile_answer(user: User) -> Response:
    """Answer with the profile of a user. Raises `Http404` where there is none."""
    profile = profile_of(user.subject_id)
    if profile is None:
        raise Http404
    return _answer(user, profile)


def correction_answer(endpoint: Endpoint, *, user: User, by: str = Correction.By.SELF) -> Response:
    """Correct the profile of a user by the body of a request, and answer with it; `by` is one of `Correction.By`.

    Raises `Http404` where there is none, and `Problem` with every error of the body.
    """
    (given, errors), subject = endpoint.partly_checked(ProfileCorrection), user.subject
    count_username_asked(user, given.get("username"))
    with transaction.atomic():
        held = _locked_profile(subject)
        _refuse_stale(endpoint.request, user, held)
        values = checked_values(held, user, given, errors)
        correct_locked(subject=subject, profile=held, values=values, by=by)
    if "username" in given:
        user.refresh_from_db(fields=["username"])
    return _answer(user, held)


def _locked_profile(subject: DataSubject) -> Profile:
    try:
        return lock_profile(subject_id=subject.pk)
    except Profile.DoesNotExist:
        raise Http404 from None


def checked_values(held: Profile, user: User, given: dict[str, Any], errors: Errors) -> dict[str, Any]:
    """Check the given values of a profile beside those that stay; `errors` are those of the body. Raises `Problem`."""
    offered = {declared.key for declared in fields_for(held.kind)} | {"registration_number_confirmed"}
    offered |= {ATTESTED} if held.kind == Kind.ENTERPRISE else set()
    unknown = [field_error("unknown_field", _("Unknown field."))]
    errors = merge_errors(errors, {key: unknown for key in given if key not in offered})
    given = {key: value for key, value in given.items() if key in offered}
    current = {key: _text(value) for key, value in profile_values(held).items()} | {"username": user.username}
    # A number that does not change was confirmed before; its pending review by staff is no error of this change.
    stays = {} if {"registration_number", "country"} & given.keys() else {"registration_number_confirmed": True}
    form = ProfileForm(
        current | stays | given,
        initial={"country": current["country"], "name": current["name"]},
        kind=held.kind,
        user=user,
        only=checked_together(given.keys()),
    )
    form.is_valid()
    if errors := merge_errors(errors, errors_of(form)):
        raise Problem(INVALID, errors=errors)
    kept = {key: value for key, value in form.profile_values.items() if key in given}
    if "registration_number" in given:
        kept["registration_number_needs_review"] = form.registration_number_needs_review
        kept["registration_number_kind"] = form.registration_number_kind
    return kept


def _answer(user: User, profile: Profile) -> Response:
    body = _present(user, profile)
    return Response(body, headers={"ETag": etag_of(body)})


def _present(user: User, profile: Profile) -> dict[str, Any]:
    values: dict[str, Any] = {key: _text(value) for key, value in profile_values(profile).items()}
    values |= {"username": user.username} | dict.fromkeys(CONTACTS)
    values |= {contact.field: contact.value for contact in contacts_in_use(profile.subject_id)}
    of_the_number = {
        "registration_number_kind": profile.registration_number_kind or None,
        "registration_number_needs_review": profile.registration_number_needs_review,
    }
    offered = [declared.key for declared in fields_for(profile.kind) if declared.key != "password"]
    return {
        "subject": str(profile.subject_id),
        "kind": profile.kind,
        "jurisdiction": user.subject.jurisdiction,
        "registered_at": profile.created_at.isoformat(),
        "updated_at": profile.updated_at.isoformat(),
        **{key: values[key] for key in offered},
        **(of_the_number if "registration_number" in offered else {}),
        **mark_of(profile),
    }


def _refuse_stale(request: Request, user: User, held: Profile) -> None:
    """Raise `STALE` unless the preconditions hold (RFC 9110, 13.1.1 and 13.1.2): the resource always exists."""
    wanted, unwanted = (tags_in(request.headers.get(name, "")) for name in ("If-Match", "If-None-Match"))
    if not wanted and not unwanted:
        return
    user.refresh_from_db(fields=["username"])  # it was read before the lock
    present = {"*", etag_of(_present(user, held))}
    if (wanted and not wanted & present) or unwanted & present:
        raise Problem(STALE)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else value.isoformat()
