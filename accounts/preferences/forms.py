"""The form of language and time format, with an example of each format."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts.users.empty_fields import choice_errors
from accounts.users.models import User
from privacy.preferences.preferences import supported_language
from privacy.preferences.time_format import TimeFormat, time_format_of_reader

# After noon, so that the formats differ.
EXAMPLE = dt.time(18, 15)
LANGUAGE, TIMES = gettext_lazy("Language"), gettext_lazy("Time format")


class PreferencesForm(forms.Form):
    """What a person chooses; a language that was not chosen yet is the one of the page."""

    language = forms.ChoiceField(
        label=LANGUAGE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("For these pages on all your devices, and for e-mails and text messages to you."),
        error_messages=choice_errors(LANGUAGE),
    )
    time_format = forms.TypedChoiceField(
        label=TIMES,
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy("For times on pages and in messages."),
        empty_value=None,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = supported_language(user.language) or get_language()
        self.initial = {"language": language, "time_format": user.time_format or ""}
        usual = ("", _with_example(None, _("Default for the language")))
        formats = ((one.value, _with_example(one.value, str(one.label))) for one in TimeFormat)
        self._offer("language", [(code, _own_name(code)) for code, _name in settings.LANGUAGES])
        self._offer("time_format", [usual, *formats])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = choices


def _own_name(code: str) -> str:
    """Return the name of a language in this language, marked as such for screen readers."""
    return format_html('<span lang="{}">{}</span>', code, capfirst(get_language_info(code)["name_local"]))


def _with_example(chosen: str | None, label: str) -> str:
    with time_format_of_reader(chosen):
        return _("%(format)s, such as %(time)s") % {"format": label, "time": time_format(EXAMPLE, "TIME_FORMAT")}
