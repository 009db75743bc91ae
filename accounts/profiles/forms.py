"""The profile's form, and the rules that look at more than one field."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.profiles.countries import country_name
from accounts.profiles.enterprises import CONFIRMABLE, clean_registration_number
from accounts.profiles.fields import form_field
from accounts.profiles.queries import profile_keys
from accounts.profiles.terms import NO_FIXED_TERM, term_in_words
from accounts.tries.limits import consume
from accounts.users.models import User
from accounts.users.services import is_username_free
from privacy.encryption.keys import system_key
from privacy.inventory.declarations import PersonalField
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country

# Unlike a blind index, it tells apart what differs in case only.
FINGERPRINT_KEY = "profile-form"
# Fingerprints of all fields, several times over.
LONGEST_SEEN = 4000
OTHER_JURISDICTION = ValidationError(
    _(
        "People from this country register with another company, under another law and policy. To "
        "move, cancel this account and register there."
    ),
    "other_jurisdiction",
)
USERNAME_TAKEN = ValidationError(_("This username is taken. Choose another."), "username_taken")


class DeclaredFieldsForm(forms.Form):
    """Personal fields drawn from the register, and what holds between them, at sign-up as at correction."""

    declared: Sequence[PersonalField] = ()
    user: User | None = None
    registration_number_needs_review = False
    registration_number_kind = ""

    def draw(self, declared: Sequence[PersonalField], *, kind: str, country: str) -> None:
        """Add the form fields of some declared ones, and the box by which a person insists on a number."""
        self.declared = declared
        for field in declared:
            self.fields[field.key] = form_field(field, kind=kind, country=country)
        if "registration_number" in self.fields:
            self.fields["registration_number_confirmed"] = forms.BooleanField(
                label=_("The licence shows exactly this number."), required=False
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields to show, with the confirmation behind the number where it is needed."""
        keys = [field.key for field in self.declared]
        if self.needs_confirmation and "registration_number" in keys:
            keys.insert(keys.index("registration_number") + 1, "registration_number_confirmed")
        return [self[key] for key in keys]

    @property
    def profile_values(self) -> dict[str, Any]:
        """The checked values by the register's keys."""
        return {field.key: self.cleaned_data.get(field.key) for field in self.declared} | {
            "registration_number_needs_review": self.registration_number_needs_review,
            "registration_number_kind": self.registration_number_kind,
        }

    @property
    def needs_confirmation(self) -> bool:
        """Whether the number is doubted, so that the person is asked what the licence says."""
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
        """Refuse a username in use: the one answer that tells that an account exists."""
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
    """The fields that a profile holds, and the username; `only` draws no others than these keys."""

    def __init__(self, *args: Any, kind: str, user: User, only: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._left_alone: set[str] = set()
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self._fingerprints())
        held = [key for key in (*profile_keys(), "username") if only is None or key in only]
        country = self.data.get("country") or self.initial.get("country") or ""
        self.draw([field for field in fields_for(kind) if field.key in held], kind=kind, country=country)
        if "time_zone" in self.fields:
            self.fields["time_zone"].keep(str(self.initial.get("time_zone") or ""))  # type: ignore[attr-defined]

    def show_typed(self, typed: Mapping[str, str]) -> None:
        """Show what was typed and is not saved yet, beside what the form showed when it was opened."""
        keys = [*(field.key for field in self.declared), "seen"]
        self.initial = {**self.initial, **{key: typed[key] for key in keys if key in typed}}

    @property
    def profile_values(self) -> dict[str, Any]:
        """The values that this form changed: what it left as it was shown may be newer elsewhere."""
        return {key: value for key, value in super().profile_values.items() if key not in self._left_alone}

    def clean(self) -> dict[str, Any]:
        """Say which field was changed elsewhere while this form was open, and show its present value."""
        self._left_alone = self._untouched()
        for key in self._left_alone:  # what holds between fields holds between those that will be stored
            self.cleaned_data[key] = self.initial.get(key)
        cleaned = super().clean()
        seen, now = self._seen(), self._fingerprints_by_key()
        clashing = [
            key
            for key in seen.keys() & cleaned.keys()
            if key not in self._left_alone and now[key] not in (seen[key], self._fingerprint(key, cleaned[key]))
        ]
        for key in clashing:
            present = self._in_words(key) or _("(empty)")
            text = _("This was changed in another window or app to: %(value)s. Check which is right, then save again.")
            self.add_error(key, ValidationError(text % {"value": present}, "changed_meanwhile"))
        if clashing:  # seen now: to save again is to decide
            data: Any = self.data
            self.data = data.copy()
            self.data["seen"] = self._fingerprints()  # type: ignore[index]
        return cleaned

    def _check_registration_number(self, cleaned: dict[str, Any]) -> None:
        """Check a number that this form changes, or whose country it changes: a stored one was confirmed as it came."""
        if not {"registration_number", "country"} <= self._left_alone:
            super()._check_registration_number(cleaned)

    def _in_words(self, key: str) -> str:
        """Return a stored value as people read it."""
        value = str(self.initial.get(key) or "")
        if value == NO_FIXED_TERM:
            return term_in_words(value)
        return country_name(value) if key == "country" else value

    def clean_country(self) -> str:
        """Refuse a country of another jurisdiction: another company, law and place of storage."""
        country = str(self.cleaned_data["country"])
        is_new = country != self.initial.get("country")
        if is_new and self.user and jurisdiction_of_country(country).code != self.user.subject.jurisdiction:
            raise OTHER_JURISDICTION
        return country

    def clean_username(self) -> str:
        """Leave a username that the form left as it was shown: it may be another one by now."""
        typed = self.cleaned_data["username"]
        if "username" in self._seen() and self._seen()["username"] == self._fingerprint("username", typed):
            return str(typed)
        return super().clean_username()

    def _untouched(self) -> set[str]:
        cleaned, seen = self.cleaned_data, self._seen()
        return {key for key in seen.keys() & cleaned.keys() if self._fingerprint(key, cleaned[key]) == seen[key]}

    def _seen(self) -> dict[str, str]:
        """Return the fingerprints of the values that the form showed; none where they do not come with it."""
        pairs = (pair.partition(":") for pair in str(self.data.get("seen", ""))[:LONGEST_SEEN].split(" "))
        return {key: fingerprint for key, _colon, fingerprint in pairs if key in self.initial}

    def _fingerprints(self) -> str:
        return " ".join(f"{key}:{fingerprint}" for key, fingerprint in self._fingerprints_by_key().items())

    def _fingerprints_by_key(self) -> dict[str, str]:
        return {key: self._fingerprint(key, value) for key, value in self.initial.items()}

    def _fingerprint(self, key: str, value: Any) -> str:
        """Return what tells two values apart, and tells none: the page may stay in a browser's history."""
        said = f"{self.user.pk if self.user else ''}|{key}|{value or ''}".encode("utf-8", "surrogatepass")
        return hmac.digest(system_key(FINGERPRINT_KEY), said, hashlib.sha256).hex()[:16]


def count_username_asked(user: User, wanted: str | None) -> None:
    """Count that somebody asks whether another username is free. Raises `RateLimited`.

    Call it outside of every transaction: a counter that is rolled back has counted nothing.
    """
    if wanted and wanted != user.username:
        consume("username", person=str(user.pk))


def checked_together(keys: Collection[str]) -> Collection[str] | None:
    """Return the keys that a check of these has to look at; None, where it has to look at every field."""
    if "country" in keys:  # it decides what the others have to be
        return None
    return {*keys, *(other for pair in _PAIRS if pair & set(keys) for other in pair)}


_PAIRS = (
    {"registration_number", "country"},
    {"business_period_start", "business_period_end"},
)
