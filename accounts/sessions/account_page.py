"""How the settings and the home page show the devices of a person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.sessions.open_sessions import open_sessions
from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, PageState


def devices_state(request: UserRequest) -> PageState:
    """Return on how many devices the person is signed in."""
    count = len(open_sessions(request))
    line = ngettext("You are signed in on %(count)d device.", "You are signed in on %(count)d devices.", count)
    return PageState(line % {"count": count}, step=_("See your devices"))


DEVICES_PAGE = AccountPage("devices", gettext_lazy("Devices"), "device", 30, devices_state)
