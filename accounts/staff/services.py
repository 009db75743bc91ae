"""Acts of staff on a person's data, by the same services as the person's own; each act is recorded for the person."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation

from accounts.profiles.models import Correction
from accounts.profiles.services import correct_profile, lock_profile
from accounts.sessions.services import end_sessions
from accounts.staff.people import Person, find_person, is_staff_account
from accounts.staff.searches import count_search, note_search
from accounts.tries.limits import consume
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.queries import role_of
from privacy.access.services import record_access
from privacy.consent.queries import language_of
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.subjects.models import DataSubject


class IsStaffAccount(Exception):
    """A staff account is changed by two administrators, on its own page, never by one member of staff."""


def search_person(*, staff: User, text: str) -> Person | None:
    """Return the person of an exact value, or None; log the search and the access. Raises `RateLimited`."""
    count_search(staff)
    person = find_person(text)
    found = [person.user.subject_id] if person else []
    note_search(staff=staff, text=text, model=User, subjects=found)
    return person


def open_person(*, staff: User, user: User, reason: str, reference: str) -> None:
    """Record that a member of staff looks at a person's data from now. Raises `RateLimited`."""
    consume("staff_open", person=str(staff.pk))
    record_act(staff, user, AccessRecord.Act.OPENED, reason, reference)


def correct_person(*, staff: User, user: User, values: Mapping[str, Any], reason: str, reference: str) -> list[str]:
    """Correct a profile on request; return the keys that changed. Raises `OtherJurisdiction`, `UsernameTaken`."""
    with transaction.atomic():
        changed = correct_profile(subject=_subject(user), values=values, by=Correction.By.STAFF)
        record_act(staff, user, AccessRecord.Act.CORRECTED, reason, reference)
    return changed


def settle_registration_number(*, staff: User, user: User, reason: str, reference: str) -> None:
    """Record that staff compared a doubted registration number with the licence, and that it matches."""
    with transaction.atomic():
        profile = lock_profile(subject_id=_subject(user).pk)
        profile.registration_number_needs_review = False
        profile.save(update_fields=["registration_number_needs_review"])
        record_act(staff, user, AccessRecord.Act.COMPARED, reason, reference)


def cancel_person(*, staff: User, user: User, ground: str, reason: str, reference: str) -> ErasureCase:
    """Cancel an account on a verified request, on one of the grounds of `DeletionGround`.

    The notice is in the language that the person chose, else in that of their consent. Raises `AlreadyCancelled`.
    """
    with transaction.atomic(), translation.override(language_of(user.subject_id)):
        case = cancel_account(subject=_subject(user), ground=ground)
        record_act(staff, user, AccessRecord.Act.CANCELLED, reason, reference)
    return case


def end_all_sessions_of(*, staff: User, user: User, reason: str, reference: str) -> int:
    """End every session of a person; return how many ended."""
    with transaction.atomic():
        ended = end_sessions([_subject(user).pk])
        record_act(staff, user, AccessRecord.Act.ENDED_SESSIONS, reason, reference)
    return ended


def record_act(staff: User, user: User, act: str, reason: str, reference: str) -> None:
    """Record an act of staff on a person, for the person to see. Raises `IsStaffAccount`."""
    record_access(
        subject=_subject(user), staff=staff.pk, role=role_of(staff), act=act, reason=reason, reference=reference
    )


def _subject(user: User) -> DataSubject:
    if is_staff_account(user):
        raise IsStaffAccount("This account belongs to a member of staff.")
    return DataSubject.objects.get(pk=user.subject_id)
