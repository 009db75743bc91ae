"""No member of staff works on their own request: another one does."""

from uuid import UUID

from django.utils.translation import gettext as _

from privacy.access.staff_accounts import staff_account_of
from privacy.notices.addresses import owner_of
from privacy.rights.choices import Contact
from privacy.rights.models.requests import RightsRequest


class OwnRequest(Exception):
    """A member of staff acts on their own request; the message says so to them."""


def refuse_own(request: RightsRequest, by: UUID) -> None:
    """Raise `OwnRequest` if a request is of the person of this staff account, or came from an address of theirs."""
    subject_id = request.subject_id
    if subject_id is None and request.contact != Contact.POST:
        owner = owner_of(str(request.address))
        subject_id = owner.pk if owner else None
    if subject_id and staff_account_of(subject_id) == by:
        raise OwnRequest(_("This is your own request. Another member of staff must work on it."))
