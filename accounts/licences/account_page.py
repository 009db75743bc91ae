"""How the settings and the home page of an enterprise show its licence."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.licences.models import Licence
from accounts.licences.queries import present_licence
from accounts.licences.states import LicenceState
from accounts.profiles.time_zones import kind_of
from accounts.users.requests import UserRequest
from privacy.inventory.declarations import Kind
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import read_once


def licence_state(request: UserRequest) -> PageState:
    """Return the state of the present licence, and what the person can do next."""
    licence = read_once(request, present_licence)
    if licence is None:
        line = _("Services for verified enterprises ask for your business licence.")
        return PageState(line, step=_("Upload your licence"))
    chip = str(licence.get_state_display())
    match licence.state:
        case LicenceState.IN_REVIEW:
            line = _("We look at it by %(date)s.") % {"date": _day(licence.due_at)}
            return PageState(line, chip=chip, step=_("See your licence"))
        case LicenceState.APPROVED:
            return PageState(_approved(licence), chip=chip, level=Level.GOOD, step=_("See your licence"))
        case LicenceState.REFUSED:
            return PageState(_("We did not accept your licence."), chip=chip, level=Level.WARN, step=_("See why"))
        case LicenceState.EXPIRED:
            line = _("The business period of your licence is over.")
        case _returned:
            line, chip = str(licence.get_code_display()), _("Returned")
    return PageState(line, chip=chip, level=Level.WARN, step=_("Upload your licence"), is_needed=True)


def is_for(request: UserRequest) -> bool:
    """Whether the person registered as an enterprise."""
    return kind_of(request) == Kind.ENTERPRISE


def _approved(licence: Licence) -> str:
    if licence.expires_at is None:
        return _("Your licence is approved, without a fixed term.")
    return _("Your licence is approved until %(date)s.") % {"date": _day(licence.expires_at)}


def _day(at: object) -> str:
    return formats.date_format(timezone.localtime(at), "DATE_FORMAT")  # type: ignore[arg-type]


LICENCE_PAGE = AccountPage(
    "licence", gettext_lazy("Business licence"), "building", 15, licence_state, for_person=is_for
)
