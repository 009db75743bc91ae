"""Who works on a request: taken, given back, given to another member of staff. Recorded in the log of the admin."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.evidence.staff_names import names_of_staff, staff_with
from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import WORK_REQUESTS
from privacy.rights.states.moving import locked


class NotAssigned(Exception):
    """The request cannot be assigned in this way; the message says why to staff."""


def assign(*, request: RightsRequest, to: UUID | None, seen: UUID | None) -> None:
    """Assign a request to a member of staff, or to no one.

    `seen` is whose it was on the page that asked for it. Raises `NotAssigned` if it is someone else's meanwhile, if it
    is closed, or if `to` may not work on requests.
    """
    if to is not None and to not in staff_with(WORK_REQUESTS):
        raise NotAssigned(_("This member of staff cannot work on requests."))
    with transaction.atomic():
        found = locked(request.pk)
        if found.closed_at is not None:
            raise NotAssigned(_("This request is closed."))
        if found.assigned_to not in (seen, to):
            who = names_of_staff([found.assigned_to]).get(found.assigned_to, "") if found.assigned_to else _("no one")
            raise NotAssigned(_("This request was assigned to %(who)s meanwhile. Check again.") % {"who": who})
        found.assigned_to = to
        found.save(update_fields=["assigned_to"])
