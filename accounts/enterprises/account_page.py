"""How the settings and the home page show the enterprise to its account and to its members."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enterprises.models import Membership
from accounts.enterprises.queries import has_offer, membership_of
from accounts.profiles.time_zones import kind_of
from accounts.users.requests import UserRequest
from privacy.inventory.declarations import Kind
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import read_once


def enterprise_state(request: UserRequest) -> PageState:
    """Return the role of the person, and what waits for them."""
    found = read_once(request, _membership)
    if found is None:
        return PageState(_("Invite people to see or correct the data of your enterprise."), step=_("See the members"))
    if has_offer(found):
        line = _("You are asked to become an owner.")
        return PageState(line, chip=_("Not answered"), level=Level.WARN, step=_("Answer the offer"), is_needed=True)
    role = str(found.get_role_display())
    return PageState(_("You are a member of an enterprise."), chip=role, step=_("See the enterprise"))


def is_for(request: UserRequest) -> bool:
    """Whether the person registered as an enterprise, or is a member of one."""
    if kind_of(request) == Kind.ENTERPRISE:
        return True
    return kind_of(request) == Kind.INDIVIDUAL and read_once(request, _membership) is not None


def _membership(subject_id: UUID) -> Membership | None:
    return membership_of(subject_id)


ENTERPRISE_PAGE = AccountPage(
    "enterprise", gettext_lazy("Enterprise"), "building", 14, enterprise_state, for_person=is_for
)
