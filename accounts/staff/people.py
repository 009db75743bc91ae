"""Find a person by an exact value, and show them masked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.contact_points.services import contact_points_of, masked
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_of, profile_values
from accounts.profiles.terms import term_in_words
from accounts.sign_in.backends import find_user
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import cancellation_in_cooling_off
from privacy.guardians.sensitivity import sensitivity_of
from privacy.inventory.queries import fields_for, personal_fields
from privacy.jurisdictions.country_names import country_name
from privacy.restriction.queries import restricted_subjects, restrictions_of

MASK = "••••••"
COUNTRY = "country"


@dataclass(frozen=True)
class Fact:
    """One field of a person: its label, and its value, masked or opened."""

    label: str
    value: str
    is_sensitive: bool


@dataclass(frozen=True)
class Person:
    """A person as shown to staff."""

    user: User
    profile: Profile | None
    case: ErasureCase | None
    # Since when the person's data is only stored.
    restricted_since: dt.datetime | None = None

    @property
    def state(self) -> str:
        """The state of the account, as text."""
        if self.restricted_since:
            return _("restricted: its data is only stored")
        if self.case:
            return _("cancelled, can still be undone") if self.case.may_be_undone else _("being erased")
        if not self.user.is_active:
            return _("closed")
        if self.user.locked_at:
            return _("locked by its owner, until a code sets a new password")
        return _("in use") if self.user.is_verified else _("not verified yet")


def find_person(text: str) -> Person | None:
    """Return the person of an exact username, phone number, e-mail address or subject id, or None.

    Staff accounts are not found: they have their own page.
    """
    wanted = text.strip()
    user = _by_number(wanted) or (find_user(wanted) if wanted else None)
    return person_of(user) if user and not is_staff_account(user) else None


def is_staff_account(user: User) -> bool:
    """Whether this is a staff account, which one member of staff alone must not open, correct or end."""
    return user.is_staff or user.is_superuser


def person_of(user: User) -> Person:
    """Return a user as shown to staff."""
    restriction = restrictions_of(user.subject_id).first()
    since = restriction.since if restriction else None
    return Person(user, profile_of(user.subject_id), cancellation_in_cooling_off(user.subject_id), since)


def numbers_to_compare(most: int) -> list[User]:
    """Return the users whose registration number is to be compared with the licence, the oldest first."""
    doubted = Profile.objects.filter(registration_number_needs_review=True).order_by("updated_at")
    in_use = User.objects.filter(is_active=True, verified_at__isnull=False).exclude(
        subject_id__in=restricted_subjects()
    )
    subjects = list(
        doubted.filter(subject_id__in=in_use.values("subject_id")).values_list("subject_id", flat=True)[:most]
    )
    users = {user.subject_id: user for user in in_use.filter(subject_id__in=subjects)}
    return [users[subject] for subject in subjects if subject in users]


def masked_facts(person: Person) -> list[Fact]:
    """Return each field that the person gave, without its value; contact points are masked."""
    return [
        Fact(fact.label, MASK, fact.is_sensitive) for fact in _profile_facts(person) if fact.value
    ] + _contact_facts(person, is_open=False)


def opened_facts(person: Person) -> list[Fact]:
    """Return each field with its value. Call it only after the access was recorded."""
    return [fact for fact in _profile_facts(person) if fact.value] + _contact_facts(person, is_open=True)


def _profile_facts(person: Person) -> list[Fact]:
    if person.profile is None:
        return []
    values: dict[str, Any] = profile_values(person.profile) | {"username": person.user.username}
    kind, is_sensitive = person.profile.get_registration_number_kind_display(), sensitivity_of(person.user.subject_id)
    said = {"business_period_end": term_in_words(values["business_period_end"])}
    if kind:
        said["registration_number"] = f"{values['registration_number']} ({kind})"
    return [
        Fact(
            str(declared.label),
            said.get(declared.key) or _in_words(declared.key, str(values.get(declared.key) or "")),
            is_sensitive(declared),
        )
        for declared in fields_for(person.profile.kind)
        if declared.key in values
    ]


def _in_words(key: str, value: str) -> str:
    return country_name(value) if key == COUNTRY and value else value


def _contact_facts(person: Person, *, is_open: bool) -> list[Fact]:
    labels = {declared.key: declared for declared in personal_fields()}
    is_sensitive = sensitivity_of(person.user.subject_id)
    return [
        Fact(
            str(labels[contact.field].label),
            str(contact.value) if is_open else masked(contact),
            is_sensitive(labels[contact.field]),
        )
        for contact in contact_points_of(person.user.subject_id)
    ]


def _by_number(text: str) -> User | None:
    try:
        number = UUID(text)
    except ValueError:
        return None
    return User.objects.filter(subject_id=number).first() or User.objects.filter(pk=number).first()
