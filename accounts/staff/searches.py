"""Searches for people by staff: counted, and logged by kind without the search term."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from accounts.contact_points.parsing import is_number_shaped
from accounts.tries.limits import consume
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.queries import role_of
from privacy.access.services import record_access
from privacy.subjects.models import DataSubject
from privacy.subjects.references import read_reference

# A page that is read again within this time is the same reading.
VIEW_LASTS = dt.timedelta(minutes=15)
REFERENCE_LENGTH = len("7KQ2M-0XW4D-P9TRA-H3VBC")


class SearchKind(StrEnum):
    """The kinds of search terms in the admin log."""

    NUMBER = "number"
    REFERENCE = "reference"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    OTHER = "username or other text"


def kind_of_search(text: str) -> SearchKind:
    """Return the kind of a search term, by its shape alone."""
    wanted = text.strip()
    if _is_uuid(wanted):
        return SearchKind.NUMBER
    if "@" in wanted:
        return SearchKind.EMAIL
    if is_number_shaped(wanted):
        return SearchKind.PHONE
    is_reference = "-" in wanted and len(read_reference(wanted)) == REFERENCE_LENGTH
    return SearchKind.REFERENCE if is_reference else SearchKind.OTHER


def count_search(staff: User) -> None:
    """Count one search by a member of staff, because its result shows that a person exists. Raises `RateLimited`."""
    consume("staff_search", person=str(staff.pk))


def note_search(*, staff: User, text: str, model: type[Model], subjects: Collection[UUID]) -> None:
    """Log a search of a model by its kind, and an access for each person that was found.

    Found staff accounts get no access record.
    """
    outcome = "found" if subjects else "found nobody"
    LogEntry.objects.create(
        user_id=staff.pk,
        content_type=ContentType.objects.get_for_model(model),
        object_repr="",
        action_flag=CHANGE,
        change_message=f"searched by {kind_of_search(text)}: {outcome}",
    )
    members = set(User.objects.filter(subject_id__in=subjects, is_staff=True).values_list("subject_id", flat=True))
    for subject in DataSubject.objects.filter(pk__in=set(subjects) - members):
        _record_found(staff, subject)


def note_view(*, staff: User, subject: DataSubject) -> None:
    """Record that a member of staff reads the page of a person, unless an act of theirs in the last minutes says so."""
    since = timezone.now() - VIEW_LASTS
    if not AccessRecord.objects.filter(subject=subject, staff=staff.pk, at__gte=since).exists():
        _record_found(staff, subject)


def _record_found(staff: User, subject: DataSubject) -> None:
    act, reason = AccessRecord.Act.FOUND, AccessRecord.Reason.SEARCH
    record_access(subject=subject, staff=staff.pk, role=role_of(staff), act=act, reason=reason)


def _is_uuid(text: Any) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
