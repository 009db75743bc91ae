"""The profile's form, and the rules across fields."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.profiles.enterprises import CONFIRMABLE, clean_registration_number
from accounts.profiles.fields import form_field, in_words
from accounts.profiles.queries import profile_keys
from accounts.profiles.terms import NO_FIXED_TERM
from accounts.tries.limits import consume
from accounts.users.models import User
from accounts.users.services import is_username_free
from privacy.encryption.keys import system_key
from privacy.guardians.sensitivity import fields_seen_for
from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country

# Of an enterprise, data of somebody else (1.6 of the sample policy): the person attests that they may give it.
OF_OTHERS = frozenset({"name"})
ATTESTED = "attested"
NOT_ATTESTED = ValidationError(
    _("Confirm that you are the contact person, or that they allowed you to give their data."), "required"
)
# Unlike a blind index, it distinguishes upper and lower case.
FINGERPRINT_KEY = "profile-form"
# Several times the length of the fingerprints of all fields.
LONGEST_SEEN = 4000
OTHER_JURISDICTION = ValidationError(
    _(
        "Another company is responsible for people from this country, under another law and policy. "
        "Choose “Move to another country” in the settings."
    ),
    "other_jurisdiction",
)
USERNAME_TAKEN = ValidationError(_("This username is taken. Choose another."), "username_taken")


def attestation(*, required: bool, help_text: Any = "") -> forms.BooleanField:
    """Return the box with which somebody attests that they may give the data of an enterprise's contact person."""
    return forms.BooleanField(
        label=_("I am the contact person, or they allowed me to give their data."),
        help_text=help_text,
        required=required,
        error_messages={"required": NOT_ATTESTED.message},
    )


class DeclaredFieldsForm(forms.Form):
    """Personal fields from the data inventory and the rules across them, for registration and correction."""

    declared: Sequence[PersonalField] = ()
    user: User | None = None
    registration_number_needs_review = False
    registration_number_kind = ""

    def draw(self, declared: Sequence[PersonalField], *, kind: str, country: str) -> None:
        """Add the form fields of declared fields, and the box that confirms a doubted number."""
        self.declared = declared
        for field in declared:
            self.fields[field.key] = form_field(field, kind=kind, country=country)
        if "registration_number" in self.fields:
            self.fields["registration_number_confirmed"] = forms.BooleanField(
                label=_("The licence shows exactly this number."), required=False
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields to show, with the confirmation after the number where it is needed."""
        keys = [field.key for field in self.declared if field.key in self.fields]
        if self.needs_confirmation and "registration_number" in keys:
            keys.insert(keys.index("registration_number") + 1, "registration_number_confirmed")
        if ATTESTED in self.fields and "name" in keys:
            keys.insert(keys.index("name") + 1, ATTESTED)
        return [self[key] for key in keys]

    @property
    def profile_values(self) -> dict[str, Any]:
        """The checked values by the inventory's keys."""
        return {field.key: self.cleaned_data.get(field.key) for field in self.declared} | {
            "registration_number_needs_review": self.registration_number_needs_review,
            "registration_number_kind": self.registration_number_kind,
            ATTESTED: bool(self.cleaned_data.get(ATTESTED)),
        }

    @property
    def needs_confirmation(self) -> bool:
        """Whether the number is doubted, so that the person must confirm it."""
        if self.is_bound and self.has_error("registration_number"):
            return any(self.has_error("registration_number", code) for code in CONFIRMABLE)
        return bool(self.data.get("registration_number_confirmed"))

    def clean(self) -> dict[str, Any]:
        """Check the registration number by the country's rules, and that a period does not end before it begins."""
        cleaned = super().clean() or {}
        self._check_registration_number(cleaned)
        start, end = cleaned.get("business_period_start"), cleaned.get("business_period_end")
        if start and end and end != NO_FIXED_TERM and end < start:
            self.add_error("business_period_end", _("The end date is before the start date. Check both dates."))
        return cleaned

    def clean_username(self) -> str:
        """Refuse a username in use: the only answer that shows that an account exists."""
        username = str(self.cleaned_data["username"])
        if not is_username_free(username, but=self.user.pk if self.user else None):
            raise USERNAME_TAKEN
        return username

    def _check_registration_number(self, cleaned: dict[str, Any]) -> None:
        number, country = cleaned.get("registration_number"), cleaned.get("country")
        if not number or not country:
            return
        confirmed = bool(cleaned.get("registration_number_confirmed"))
        try:
            checked = clean_registration_number(number, country, confirmed=confirmed)
        except ValidationError as error:
            self.add_error("registration_number", error)
        else:
            cleaned["registration_number"] = checked.value
            self.registration_number_needs_review = checked.needs_review
            self.registration_number_kind = checked.kind


class ProfileForm(DeclaredFieldsForm):
    """The fields of a profile and the username; `only` limits them to these keys.

    Another contact person of an enterprise is attested, unless staff enter it at the person's request.
    """

    def __init__(
        self,
        *args: Any,
        kind: str,
        user: User,
        only: Collection[str] | None = None,
        by_staff: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._left_alone: set[str] = set()
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self._fingerprints())
        held = [key for key in (*profile_keys(), "username") if only is None or key in only]
        country = self.data.get("country") or self.initial.get("country") or ""
        self.draw([field for field in fields_for(kind) if field.key in held], kind=kind, country=country)
        if kind == Kind.ENTERPRISE and not by_staff and OF_OTHERS & self.fields.keys():
            self.fields[ATTESTED] = attestation(required=False, help_text=_("Needed if you change the name."))
        if "time_zone" in self.fields:
            self.fields["time_zone"].keep(str(self.initial.get("time_zone") or ""))  # type: ignore[attr-defined]

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields to show: of a child, each is marked as sensitive."""
        if self.user is not None:
            for field in fields_seen_for(self.user.subject_id, self.declared):
                if field.key in self.fields:
                    self.fields[field.key].declared = field  # type: ignore[attr-defined]
        return super().asked

    def show_typed(self, typed: Mapping[str, str]) -> None:
        """Show the typed values that are not saved yet; the shown values stay those of when the form was opened."""
        keys = [*(field.key for field in self.declared), "seen"]
        self.initial = {**self.initial, **{key: typed[key] for key in keys if key in typed}}

    @property
    def profile_values(self) -> dict[str, Any]:
        """The values that this form changed. Others may have changed elsewhere meanwhile."""
        return {key: value for key, value in super().profile_values.items() if key not in self._left_alone}

    def clean(self) -> dict[str, Any]:
        """Add an error for each field that was changed elsewhere while the form was open; show its present value."""
        self._left_alone = self._untouched()
        for key in self._left_alone:  # rules across fields check the values that will be stored
            self.cleaned_data[key] = self.initial.get(key)
        cleaned = super().clean()
        self._check_attestation(cleaned)
        seen, now = self._seen(), self._fingerprints_by_key()
        clashing = [
            key
            for key in seen.keys() & cleaned.keys()
            if key not in self._left_alone and now[key] not in (seen[key], self._fingerprint(key, cleaned[key]))
        ]
        for key in clashing:
            present = in_words(key, self.initial.get(key)) or _("(empty)")
            text = _("This was changed in another window or app to: %(value)s. Check which is right, then save again.")
            self.add_error(key, ValidationError(text % {"value": present}, "changed_meanwhile"))
        if clashing:  # the person sees them now: saving again overwrites them
            data: Any = self.data
            self.data = data.copy()
            self.data["seen"] = self._fingerprints()  # type: ignore[index]
        return cleaned

    def _check_attestation(self, cleaned: dict[str, Any]) -> None:
        is_new = any(key in cleaned and cleaned[key] != self.initial.get(key) for key in OF_OTHERS)
        if ATTESTED in self.fields and is_new and not cleaned.get(ATTESTED):
            self.add_error(ATTESTED, NOT_ATTESTED)

    def _check_registration_number(self, cleaned: dict[str, Any]) -> None:
        """Check the number only where it or its country changes: a stored number was confirmed before."""
        if not {"registration_number", "country"} <= self._left_alone:
            super()._check_registration_number(cleaned)

    def clean_country(self) -> str:
        """Refuse a country of another jurisdiction: another company, law and place of storage."""
        country = str(self.cleaned_data["country"])
        is_new = country != self.initial.get("country")
        if is_new and self.user and jurisdiction_of_country(country).code != self.user.subject.jurisdiction:
            raise OTHER_JURISDICTION
        return country

    def clean_username(self) -> str:
        """Keep a username that the form did not change: it may have changed elsewhere."""
        typed = self.cleaned_data["username"]
        if "username" in self._seen() and self._seen()["username"] == self._fingerprint("username", typed):
            return str(typed)
        return super().clean_username()

    def _untouched(self) -> set[str]:
        cleaned, seen = self.cleaned_data, self._seen()
        return {key for key in seen.keys() & cleaned.keys() if self._fingerprint(key, cleaned[key]) == seen[key]}

    def _seen(self) -> dict[str, str]:
        """Return the fingerprints of the values that the form showed; empty where the form was sent without them."""
        pairs = (pair.partition(":") for pair in str(self.data.get("seen", ""))[:LONGEST_SEEN].split(" "))
        return {key: fingerprint for key, _colon, fingerprint in pairs if key in self.initial}

    def _fingerprints(self) -> str:
        return " ".join(f"{key}:{fingerprint}" for key, fingerprint in self._fingerprints_by_key().items())

    def _fingerprints_by_key(self) -> dict[str, str]:
        return {key: self._fingerprint(key, value) for key, value in self.initial.items()}

    def _fingerprint(self, key: str, value: Any) -> str:
        """Return a keyed hash of a value, which the page holds instead: a browser may keep the page in its history."""
        said = f"{self.user.pk if self.user else ''}|{key}|{value or ''}".encode("utf-8", "surrogatepass")
        return hmac.digest(system_key(FINGERPRINT_KEY), said, hashlib.sha256).hex()[:16]


def count_username_asked(user: User, wanted: str | None) -> None:
    """Count a check whether another username is free. Raises `RateLimited`.

    Call it outside of every transaction: a rollback would undo the count.
    """
    if wanted and wanted != user.username:
        consume("username", person=str(user.pk))


def checked_together(keys: Collection[str]) -> Collection[str] | None:
    """Return the keys to check when these change; None for every field."""
    if "country" in keys:  # the other fields depend on it
        return None
    return {*keys, *(other for pair in _PAIRS if pair & set(keys) for other in pair)}


_PAIRS = (
    {"registration_number", "country"},
    {"business_period_start", "business_period_end"},
)
