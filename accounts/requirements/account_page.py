"""How the settings and the home page show the services."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.profiles.account_page import staff_have_it
from accounts.requirements.queries import held_in, missing_for, services_of
from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, Level, PageState


def services_state(request: UserRequest) -> PageState:
    """Return how many services lack something, and the next step of the first of these."""
    held = held_in(request)
    unmet = [(service, missing) for service in services_of(held) if (missing := missing_for(service, held))]
    if not unmet:
        line = _("Your services have all the details that they need.")
        return PageState(line, chip=_("Available"), level=Level.GOOD, step=_("See your services"))
    count = len(unmet)
    line = ngettext("%(count)d service needs more details.", "%(count)d services need more details.", count)
    return PageState(line % {"count": count}, step=_("See what is missing"))


SERVICES_PAGE = AccountPage("services", gettext_lazy("Services"), "check", 17, services_state, for_staff=staff_have_it)
