"""The registration form, from the data inventory: one for each kind and country."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.profiles.fields import form_field, in_words
from accounts.profiles.forms import ATTESTED, DeclaredFieldsForm, attestation
from accounts.registration.steps import SECRETS, RegistrationStep, step_of
from accounts.users.passwords import PasswordContext
from privacy.guardians.forms import BIRTH_FIELDS, BirthForm
from privacy.guardians.same_address import mark_of
from privacy.inventory.declarations import Kind
from privacy.inventory.purposes import optional_purposes
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.countries import get_country
from privacy.policies.models import PolicyVersion

# A password may contain a country name; and the password is not compared with itself.
NOT_COMPARED = ("password", "country", "time_zone")
# A refused value may be longer than any field.
MAX_COMPARED_LENGTH = 500
AT_THE_END = (RegistrationStep.POLICY, RegistrationStep.CHECK)


class CountryForm(BirthForm):
    """The first questions: who registers, where, and when they were born: the country decides policy and age."""

    field_order = ("kind", "country", *BIRTH_FIELDS)

    kind = forms.ChoiceField(
        label=_("Account type"),
        choices=[
            (Kind.INDIVIDUAL, _("Individual: a personal account")),
            (Kind.ENTERPRISE, _("Enterprise: for a company or organisation, with its registration number")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an account type.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declared = next(field for field in fields_for(Kind.INDIVIDUAL) if field.key == "country")
        self.fields["country"] = form_field(declared, kind=Kind.INDIVIDUAL, country="")
        self.order_fields(self.field_order)


class FirstAnswersForm(DeclaredFieldsForm):
    """Personal fields with a new password among them."""

    def clean(self) -> dict[str, Any]:
        """Check the password against all other typed values, valid or not."""
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            typed = {field.key: cleaned.get(field.key) or self.data.get(field.key) for field in self.declared}
            own = [
                str(value)[:MAX_COMPARED_LENGTH] for key, value in typed.items() if value and key not in NOT_COMPARED
            ]
            try:
                validate_password(cleaned["password"], PasswordContext(own))  # type: ignore[arg-type]
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class CountrylessForm(FirstAnswersForm):
    """The checks that need no country, so that one answer has all errors."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_country = {"country", "registration_number"}
        if not str(self.data.get("phone", "")).strip().startswith(("+", "\uff0b")):
            by_country.add("phone")  # a national number may be right
        self.draw([field for field in fields_for(kind) if field.key not in by_country], kind=kind, country="")
        self.fields["agreed"] = forms.BooleanField(error_messages={"required": _("Tick this box.")})
        if kind == Kind.ENTERPRISE:
            self.fields[ATTESTED] = attestation(required=True)


class RegistrationForm(FirstAnswersForm):
    """Every field of a kind, and the agreement to the shown text.

    `needs_free_username` is off where the form is checked without a count: the answer shows that an account exists.
    """

    def __init__(
        self,
        *args: Any,
        kind: str,
        country: str,
        version: PolicyVersion,
        needs_free_username: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        # Of the addresses of a child's guardian: none is the child's own.
        self.guardian_marks: frozenset[bytes] = frozenset()
        self.needs_free_username = needs_free_username
        country_first = sorted(fields_for(kind), key=lambda field: field.key != "country")
        self.draw(country_first, kind=kind, country=country)
        self.fields["time_zone"].widget.attrs["data-guess"] = "time-zone"
        self._add_agreement()
        if kind == Kind.ENTERPRISE:
            self.fields[ATTESTED] = attestation(required=True)

    def is_for_child(self, guardian_marks: frozenset[bytes], country: str) -> None:
        """Take the form for a child together with their guardian, whose addresses have these marks.

        In some countries the child agrees beside the guardian (France, below 15).
        """
        self.guardian_marks = guardian_marks
        self.fields["agreed"].label = _(
            "As the parent or guardian, I have read the privacy policy, version %(label)s, "
            "and agree to it for the child."
        ) % {"label": self.version.label}
        if get_country(country).needs_both:
            self.fields["child_agrees"] = forms.BooleanField(
                label=_("I am the child, and I agree, too."),
                error_messages={"required": _("Where you live, the child agrees beside the parent or guardian.")},
            )

    @property
    def steps_with_errors(self) -> set[RegistrationStep]:
        """The steps that ask for what is wrong."""
        return {step_of(name) for name in self.errors}

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The label and the checked value, in words, of each answered field about the person."""
        shown = (field for field in self.declared if field.key not in SECRETS)
        return [
            (str(field.label), in_words(field.key, self.cleaned_data[field.key]))
            for field in shown
            if self.cleaned_data.get(field.key)
        ]

    @property
    def asked_apart(self) -> tuple[list[forms.BoundField], list[forms.BoundField]]:
        """The required fields and the optional ones; the box that confirms a number stays with the number."""
        required: list[forms.BoundField] = []
        optional: list[forms.BoundField] = []
        for field in self.asked:
            if field.name != "registration_number_confirmed":
                place = required if field.field.required else optional
            place.append(field)
        return required, optional

    @property
    def names_asked(self) -> set[str]:
        """The names of the fields that the page has."""
        return {field.name for field in self.asked} | {name for name in self.fields if step_of(name) in AT_THE_END}

    def show_only(self, step: RegistrationStep) -> None:
        """Leave out the fields and errors of other steps."""
        for name in [name for name in self.fields if step_of(name) is not step]:
            del self.fields[name]
            self.errors.pop(name, None)

    def clean_username(self) -> str:
        """Refuse a username in use, where that is asked."""
        return super().clean_username() if self.needs_free_username else str(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Refuse the address of the guardian, and an alias of it, as the child's own."""
        cleaned = super().clean()
        for name in ("phone", "email"):
            if self.guardian_marks and mark_of(str(cleaned.get(name) or "")) in self.guardian_marks:
                self.add_error(name, ValidationError(_("Enter the child's own, not that of the guardian."), "guardian"))
        return cleaned

    def _add_agreement(self) -> None:
        self.fields["purposes"] = forms.MultipleChoiceField(
            label=_("Optional uses"),
            help_text=_("Not needed for an account. You can turn each one on or off at any time."),
            required=False,
            choices=[(purpose.key, purpose.in_words) for purpose in optional_purposes()],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["agreed"] = forms.BooleanField(
            label=_("I have read the privacy policy, version %(label)s, and agree to it.")
            % {"label": self.version.label},
            error_messages={
                "required": _(
                    "Read the policy and tick the box if you agree. Without your consent, we can't create your account."
                )
            },
        )
        for name, field in (
            ("policy", forms.CharField),
            ("language", forms.CharField),
            ("submission", forms.UUIDField),
        ):
            self.fields[name] = field(widget=forms.HiddenInput)
