"""Operations of language and time format: their page in the settings, and the language chosen on another page."""

from django.http import HttpRequest

from accounts.preferences.account_page import PREFERENCES_PAGE
from accounts.users.preferences import choose_preferences
from privacy.preferences.language_switch import LanguageKeeper


def _keep(request: HttpRequest, language: str) -> None:
    choose_preferences(request.user, language=language)  # type: ignore[arg-type]  # only signed-in people


OPERATIONS = [PREFERENCES_PAGE, LanguageKeeper(_keep)]
