"""The age question over REST; `guardians`: a child names a parent or guardian."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.guardians.ages import Age
from privacy.guardians.forms import BIRTH_FIELDS, AgeForm, clean_called
from privacy.guardians.services import GuardianAddress, ask_guardian
from privacy.jurisdictions.country_codes import is_country
from privacy.notices.addresses import read_address
from privacy.rest.bodies import Body, Choice, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import errors_of, field_problem
from privacy.rest.problems import INVALID, RATE_LIMITED, Errors, Problem, field_error, problem_type
from privacy.rest.schema import operation

TAG = "Registration"
GUARDIAN_NEEDED = problem_type(
    "guardian_needed",
    403,
    _("This person is below the age of consent of their country. Ask for a parent or guardian at `guardians`."),
)
OF_AGE = problem_type(
    "guardian_not_needed", 409, _("This person has reached the age of consent of their country. Register them.")
)


class WholeNumber(serializers.IntegerField):
    """A whole number; a text or a truth value is none."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number, or refuse another type."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class BirthMonth(Body):
    """The month of birth, and the day only where an error asks for it. It is not stored."""

    year = WholeNumber(min_value=1, max_value=9999)
    month = WholeNumber(min_value=1, max_value=12)
    day = WholeNumber(min_value=1, max_value=31, required=False, help_text="After the error `day_needed`.")


class GuardianContact(Body):
    """One address of a parent or guardian: an e-mail address or a mobile number."""

    email = Text(required=False, schema={"maxLength": 254})
    phone = Text(required=False, schema={"maxLength": 40}, help_text="With its country code.")


class GuardianNamed(Body):
    """What a child says of their parent or guardian. Nothing else of the child is taken."""

    country = Text(schema={"pattern": "^[A-Z]{2}$"}, help_text="The country of the child.")
    birth_month = BirthMonth()
    contact = GuardianContact()
    called = Text(required=False, allow_blank=True, help_text="What the guardian calls the child. Letters only.")
    language = Choice([code for code, _name in settings.LANGUAGES], help_text="The language of the message.")


class GuardianAsked(serializers.Serializer):
    """The answer, which is the same for every address."""

    expires_at = serializers.DateTimeField(help_text="When everything is deleted if the guardian does not answer.")


class Guardians(Endpoint):
    """`guardians`."""

    public = True
    limited_as = {"POST": "guardian"}

    @operation(
        "guardian_named",
        "Ask a parent or guardian",
        answers={202: GuardianAsked},
        body=GuardianNamed,
        example={
            "country": "DE",
            "birth_month": {"year": 2014, "month": 5},
            "contact": {"email": "parent@example.com"},
            "called": "Mia",
            "language": "en",
        },
        errors=[OF_AGE, RATE_LIMITED],
        description="After `guardian_needed`. The guardian gets a message, and answers on a page of the portal.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Write to the guardian."""
        given = self.checked(GuardianNamed)
        if not is_country(given["country"]):
            raise field_problem("country", "invalid_country", _("Use a two-letter country code, such as DE."))
        age, errors = checked_age(given["country"], given["birth_month"], "birth_month")
        if errors or age is None:
            raise Problem(INVALID, errors=errors)
        if age.is_reached:
            raise Problem(OF_AGE)
        child = ask_guardian(age=age, guardian=_guardian(given), called=_called(given))
        return Response(GuardianAsked(child).data, status=202)


def checked_age(country: str, birth: Mapping[str, int], path: str) -> tuple[Age | None, Errors]:
    """Return the answer to the age question, or the errors by their paths. `country` is a known code."""
    typed = {f"birth_{name}": str(birth[name]) for name in ("year", "month", "day") if name in birth}
    form = AgeForm({"country": country, **typed})
    if form.is_valid():
        return form.age, {}
    found = errors_of(form)
    names = {name: f"{path}.{name.removeprefix('birth_')}" for name in BIRTH_FIELDS}
    return None, {names.get(name, path): said for name, said in found.items()}


def checked_contact(contact: Mapping[str, str], country: str, path: str = "contact.") -> tuple[str, str]:
    """Return channel and address of the one address that a body names; `path` is that of its member. Raises `Problem`.

    A number without its country code is read as one of the country.
    """
    if len(contact) != 1:
        whole = path.rstrip(".") or "email"
        raise Problem(INVALID, errors={whole: [field_error("required", _("Name one address."))]})
    [(kind, typed)] = contact.items()
    channel = "email" if kind == "email" else "sms"
    try:
        return channel, str(read_address(channel=channel, text=typed, country=country))
    except ValidationError as error:
        raise field_problem(f"{path}{kind}", error.code or "invalid", error.messages[0]) from None


def _guardian(given: Mapping[str, Any]) -> GuardianAddress:
    channel, address = checked_contact(given["contact"], given["country"])
    return GuardianAddress(channel, address, given["language"])


def _called(given: Mapping[str, Any]) -> str:
    try:
        return clean_called(given.get("called", ""))
    except ValidationError as error:
        raise field_problem("called", error.code or "invalid", error.messages[0]) from None
