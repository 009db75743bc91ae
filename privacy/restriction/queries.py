"""Who is restricted. Every service that reads or uses people's data for others asks here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from privacy.inventory.declarations import record_of
from privacy.inventory.retention_classes import RetentionClass
from privacy.operations.collecting import declared
from privacy.restriction.models import ProcessingRestriction

SEE_RESTRICTIONS, LIFT_RESTRICTION = "privacy.view_processingrestriction", "privacy.lift_restriction"
Row = TypeVar("Row", bound=Model)


class ProcessingRestricted(PermissionDenied):
    """The person's data is only stored: it was not read. Pages and endpoints answer that this is forbidden."""


@dataclass(frozen=True)
class MayRead:
    """A function that says whether a restricted person's data may be read for a reason of its own, such as a hold."""

    reason: str
    is_given: Callable[[UUID], bool]


def restrictions_in_force() -> QuerySet[ProcessingRestriction]:
    """Return every restriction in force."""
    return ProcessingRestriction.objects.filter(lifted_at__isnull=True)


def restrictions_of(subject_id: UUID) -> QuerySet[ProcessingRestriction]:
    """Return the restrictions in force of a person, oldest first."""
    return restrictions_in_force().filter(subject_id=subject_id).order_by("since")


def restricted_subjects() -> QuerySet[ProcessingRestriction, UUID]:
    """Return the restricted persons, for other queries to exclude."""
    return restrictions_in_force().values_list("subject_id", flat=True)


def is_restricted(subject_id: UUID) -> bool:
    """Whether a person's data is only stored."""
    return restrictions_of(subject_id).exists()


def refuse_where_restricted(subject_id: UUID, *, reason: str = "") -> None:
    """Raise `ProcessingRestricted` if a person's data must not be read, unless something gives this reason for it."""
    if not is_restricted(subject_id):
        return
    if reason and any(each.is_given(subject_id) for each in declared(MayRead) if each.reason == reason):
        return
    raise ProcessingRestricted(_("The use of this person's data is restricted: it is only stored."))


def readable_rows(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows of a model without those of restricted persons, for lists that leave the portal.

    Evidence stays, and so do the registers of requests and of restrictions: they hold no name, and prove what the
    portal did.
    """
    record = record_of(rows.model)
    is_register = rows.model is ProcessingRestriction or (record and record.retention == RetentionClass.REQUESTS)
    if record is None or record.keeps or is_register:
        return rows
    return rows.exclude(**{f"{record.subject}__in": restricted_subjects()})
