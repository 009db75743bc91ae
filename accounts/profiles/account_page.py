"""How the settings and the home page show the profile."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.contact_points.services import every_contact
from accounts.profiles.queries import missing_fields, profile_of
from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import read_once


def profile_state(request: UserRequest) -> PageState:
    """Return whether details are missing, and whether a username must be chosen again."""
    if request.user.username_index is None:
        return PageState(
            _(
                "Someone else took the username that you chose before you verified your account. Until you choose "
                "another, sign in with your phone number or e-mail address."
            ),
            chip=_("Username needed"),
            level=Level.WARN,
            step=_("Choose a username"),
            is_needed=True,
        )
    profile = read_once(request, profile_of)
    if profile is None:
        return PageState(_("Staff accounts have no profile."))
    if missing := len(missing_fields(profile, read_once(request, every_contact))):
        line = ngettext("%(count)d optional detail is not given.", "%(count)d optional details are not given.", missing)
        return PageState(line % {"count": missing}, step=_("See and correct your data"))
    return PageState(
        _("Your profile is complete."), chip=_("Complete"), level=Level.GOOD, step=_("See and correct your data")
    )


def staff_have_it(request: UserRequest) -> bool:
    """Whether a member of staff registered as a person before: other staff accounts have no profile."""
    return read_once(request, profile_of) is not None


PROFILE_PAGE = AccountPage("profile", gettext_lazy("Profile"), "user", 10, profile_state, for_staff=staff_have_it)
