"""Store and correct a profile; a correction says which field, when and by whom, never the values.

Recipients that hold a corrected field are notified.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import profile_keys, profile_of
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import ChangedValues, notify_change
from accounts.security_events.services import record_event
from accounts.users.models import User
from accounts.users.services import UsernameTaken, claim_username
from privacy.encryption.fields import open_row
from privacy.evidence.clock import database_now
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country
from privacy.recipients.outbox import enqueue_corrected
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject


class OtherJurisdiction(Exception):
    """The new country belongs to another jurisdiction: another company, law and place of storage."""


def new_profile(*, subject: DataSubject, kind: str, values: Mapping[str, Any]) -> Profile:
    """Return the profile of a new person, not stored yet, from checked values by the inventory's keys."""
    held = {key: values[key] for key in profile_keys() if values.get(key) not in (None, "")}
    attested_at = database_now() if values.get("attested") else None
    return Profile(subject=subject, kind=kind, attested_at=attested_at, **_of_the_number(values), **held)


def correct_profile(*, subject: DataSubject, values: Mapping[str, Any], by: str = Correction.By.SELF) -> list[str]:
    """Correct and supplement a profile from checked values; return the keys of the fields that changed.

    Fields that are not in `values` keep their values. Raises `OtherJurisdiction`, `UsernameTaken`.
    """
    with transaction.atomic():
        return correct_locked(subject=subject, profile=lock_profile(subject_id=subject.pk), values=values, by=by)


def lock_profile(*, subject_id: UUID) -> Profile:
    """Return a person's profile, locked until the transaction ends. Raises `Profile.DoesNotExist`."""
    # An erasure takes the same lock first, so that no deadlock is possible. Rows are read after the lock: they have the
    # changes of the request before.
    lock_subjects([subject_id])
    profile = profile_of(subject_id)
    if profile is None:
        raise Profile.DoesNotExist
    return profile


def correct_locked(
    *, subject: DataSubject, profile: Profile, values: Mapping[str, Any], by: str = Correction.By.SELF
) -> list[str]:
    """Correct a profile as `correct_profile` does; it is one that `lock_profile` returned in the same transaction."""
    if "country" in values and jurisdiction_of_country(values["country"]).code != subject.jurisdiction:
        raise OtherJurisdiction("This country belongs to another jurisdiction.")
    changed = _changed_fields(profile, values)
    if changed:
        of_the_number = _of_the_number(values) if "registration_number" in changed else ()
        if values.get("attested"):
            profile.attested_at = database_now()
        profile.save(update_fields=[*changed, *of_the_number, "attested_at", "updated_at"])
    for key in changed:
        Correction.objects.create(subject_id=subject.pk, field=key, by=by)
    if values.get("username") and _change_username(subject, values["username"]):
        Correction.objects.create(subject_id=subject.pk, field="username", by=by)
        changed.append("username")
    enqueue_corrected(subject=subject.pk, fields=changed)
    return changed


def _changed_fields(profile: Profile, values: Mapping[str, Any]) -> list[str]:
    """Set the values that differ, without saving the profile; return their keys."""
    open_row(profile)
    changed = []
    for key in profile_keys():
        value = values.get(key) or None
        if key in values and getattr(profile, key) != value:
            setattr(profile, key, value)
            changed.append(key)
    if "registration_number" in changed:
        for column, said in _of_the_number(values).items():
            setattr(profile, column, said)
    return changed


def _of_the_number(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that describe a registration number."""
    return {
        "registration_number_kind": str(values.get("registration_number_kind") or ""),
        "registration_number_needs_review": bool(values.get("registration_number_needs_review")),
    }


def _change_username(subject: DataSubject, wanted: str) -> bool:
    """Change the username and notify its owner; return False where it is the same. Raises `UsernameTaken`."""
    user = User.objects.get(subject_id=subject.pk)
    former = str(user.username)
    if wanted == former and user.username_index:
        return False
    if not claim_username(user, wanted):
        raise UsernameTaken("This username is in use.")
    record_event(subject.pk, SecurityEvent.Kind.USERNAME_CHANGED)
    notify_change(subject=subject, kind=SecurityEvent.Kind.USERNAME_CHANGED, values=ChangedValues(username=former))
    return True


def record_contact_change(*, subject_id: UUID, field: str, by_staff: bool = False, **_signal: Any) -> None:
    """Record that a contact point was corrected, and notify recipients."""
    by = Correction.By.STAFF if by_staff else Correction.By.SELF
    Correction.objects.create(subject_id=subject_id, field=field, by=by)
    enqueue_corrected(subject=subject_id, fields=[field])
