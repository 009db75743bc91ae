"""What staff read of a request: short, and in words that do not speak to the person."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from privacy.rights.choices import WITHOUT_PROOF, About, ItemState, Right
from privacy.rights.models.requests import RequestItem

RIGHTS: dict[str, Promise] = {
    Right.ACCESS: pgettext_lazy("a right, for staff", "Access"),
    Right.PORTABILITY: pgettext_lazy("a right, for staff", "Copy for other software"),
    Right.CORRECTION: pgettext_lazy("a right, for staff", "Correction"),
    Right.DELETION: pgettext_lazy("a right, for staff", "Deletion"),
    Right.WITHDRAWAL: pgettext_lazy("a right, for staff", "Withdrawal of consent"),
    Right.OBJECTION: pgettext_lazy("a right, for staff", "Objection"),
    Right.RESTRICTION: pgettext_lazy("a right, for staff", "Restriction"),
    Right.COMPLAINT: pgettext_lazy("a right, for staff", "Complaint"),
    Right.CHILD: pgettext_lazy("a right, for staff", "Report of a child"),
    Right.QUESTION: pgettext_lazy("a right, for staff", "Question"),
}
STATES: dict[str, Promise] = {
    ItemState.RECEIVED: _("Waits for proof of identity"),
    ItemState.PROVEN: _("Identity proven: the portal carries it out"),
    ItemState.COOLING_OFF: _("Account cancelled: can still be kept"),
    ItemState.WITH_STAFF: _("With staff"),
    ItemState.DONE: _("Done"),
    ItemState.PARTLY: _("Done in part"),
    ItemState.REFUSED: _("Refused"),
    ItemState.NOT_PROVEN: _("Closed: identity not proven"),
    ItemState.WITHDRAWN: _("Withdrawn"),
}
ABOUT: dict[str, Promise] = {
    About.SELF: _("About the person who wrote"),
    About.OTHER: _("About somebody else: the writer states that they may act for them"),
    About.NAMED: _("About the person who wrote, in the account of somebody else"),
}
ABOUT_A_CHILD = _("About the child who is reported, not about the person who wrote")


def state_for_staff(item: RequestItem) -> str:
    """Return the state of an item: what is answered only is not done."""
    if item.state == ItemState.DONE and item.right in WITHOUT_PROOF:
        return str(_("Answered"))
    return str(STATES[item.state])


def side_by_side(texts: Iterable[str]) -> str:
    """Return texts as one, each once; they may be sentences, which no "and" joins."""
    return pgettext("between two texts side by side", "; ").join(dict.fromkeys(texts))
