"""Which staff read or changed a person's data, and in which roles."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from privacy.access.models import BETWEEN_ROLES, AccessRecord
from privacy.database.compiled import CompiledQuery

# Django's superuser, with every permission; not a group.
ADMINISTRATOR = _("Administrator")


def accesses_of(subject_id: UUID) -> QuerySet[AccessRecord]:
    """Return every act of staff on a person's data, newest first."""
    return AccessRecord.objects.filter(subject_id=subject_id).order_by("-position")


def latest_access(subject_id: UUID) -> AccessRecord | None:
    """Return the newest act of staff on a person's data, or None."""
    return LATEST_ACCESS.first(subject_id)


def role_of(user: Any) -> str:
    """Return the roles of a member of staff, for `record_access`; the person whose data they view sees them."""
    names = user.groups.order_by("name").values_list("name", flat=True)
    return BETWEEN_ROLES.join(names) or ADMINISTRATOR


LATEST_ACCESS = CompiledQuery(lambda subject_id: accesses_of(subject_id)[:1], UUID)
