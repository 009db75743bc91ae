"""How the settings show language and time format."""

from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy

from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, PageState
from privacy.preferences.time_format import TimeFormat


def preferences_state(request: UserRequest) -> PageState:
    """Return the language of the pages, and the time format where one was chosen."""
    language = capfirst(get_language_info(get_language() or "en")["name_local"])
    chosen = request.user.time_format
    return PageState(" · ".join([language, str(TimeFormat(chosen).label)]) if chosen else language)


PREFERENCES_PAGE = AccountPage(
    "preferences", gettext_lazy("Language and time"), "globe", 15, preferences_state, on_home=False
)
