"""How the settings and the home page show sign-in and security."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contact_points.services import every_contact
from accounts.second_factors.services import has_second_factor
from accounts.sign_in.changes import rows_of_contacts
from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import read_once


def security_state(request: UserRequest) -> PageState:
    """Return whether a contact point waits for its code, and whether two-step verification is on."""
    waiting = next((row for row in rows_of_contacts(read_once(request, every_contact)) if row.waiting), None)
    if waiting and waiting.waiting:
        line = _("%(label)s: %(value)s is not verified, so we do not use it.") % {
            "label": waiting.declared.label,
            "value": waiting.waiting.value,
        }
        url = reverse("verify_changed_contact", args=[waiting.declared.key])
        return PageState(
            line,
            chip=_("Not verified"),
            level=Level.WARN,
            step=_("Verify: %(label)s") % {"label": waiting.declared.label},
            url=url,
            is_needed=True,
        )
    if has_second_factor(request.user):
        return PageState(
            _("Two-step verification is on."), chip=_("Protected"), level=Level.GOOD, step=_("Manage sign-in")
        )
    return PageState(_("Two-step verification is off."), step=_("Turn on two-step verification"))


SECURITY_PAGE = AccountPage("security", gettext_lazy("Sign-in and security"), "key", 20, security_state)
