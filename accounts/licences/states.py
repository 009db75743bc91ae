"""The states of a licence with the table of allowed moves, and why one is returned or refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LicenceState(models.TextChoices):
    """The state of one licence that was handed in."""

    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned: please send it again")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced by a newer one")


MOVES: dict[str, frozenset[str]] = {
    LicenceState.IN_REVIEW: frozenset(
        {LicenceState.APPROVED, LicenceState.RETURNED, LicenceState.REFUSED, LicenceState.REPLACED}
    ),
    # Returned where a restored portal has lost its pictures.
    LicenceState.APPROVED: frozenset({LicenceState.EXPIRED, LicenceState.RETURNED, LicenceState.REPLACED}),
    LicenceState.RETURNED: frozenset({LicenceState.REPLACED}),
    LicenceState.REFUSED: frozenset(),
    LicenceState.EXPIRED: frozenset({LicenceState.REPLACED}),
    LicenceState.REPLACED: frozenset(),
}
# A new upload takes their place at once; an approved one stays in force until the new one is decided.
LEFT_BY_A_NEW_ONE = (LicenceState.IN_REVIEW, LicenceState.RETURNED, LicenceState.EXPIRED)
# The same file again changes nothing.
SETTLED = (LicenceState.IN_REVIEW, LicenceState.APPROVED, LicenceState.REFUSED)


def may_move(before: str, after: str) -> bool:
    """Whether a licence of one state may go to another."""
    return after in MOVES[before]


class ReturnCode(models.TextChoices):
    """Why a licence is returned: what the person does about it follows from it."""

    UNREADABLE = "unreadable", _("The pictures cannot be read. Take a photo of the whole licence in good light.")
    INCOMPLETE = "incomplete", _("A part of the licence is missing. Send every page, with its edges.")
    WRONG_DOCUMENT = "wrong_document", _("This is not a business licence. Send the licence of the enterprise.")
    DIFFERS = "differs", _("The licence says something else than your profile. Correct your profile, or send another.")
    ENDED = "ended", _("The business period of this licence is over. Send the present licence.")
    OTHER = "other", _("There is a problem with the licence. Read what our staff wrote.")
    # Never chosen by staff.
    LOST = "lost", _("We lost the pictures when we restored a backup. Please send the licence again.")


class LicenceField(models.TextChoices):
    """What of the licence is compared with what the person typed."""

    ENTERPRISE_NAME = "enterprise_name", _("Enterprise name")
    REGISTRATION_NUMBER = "registration_number", _("Registration number")
    BUSINESS_PERIOD = "business_period", _("Business period")
    BUSINESS_ADDRESS = "business_address", _("Business address")
    BUSINESS_AREA = "business_area", _("Business area")


CHOSEN_BY_STAFF = [choice for choice in ReturnCode.choices if choice[0] != ReturnCode.LOST]
