"""Words of the admin that Django leaves in English, and what the admin log says, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.db.models import BooleanField, Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# Django's own Chinese lacks these, or has other words: its "Log out" reads like cancelling an account.
OF_DJANGO = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Log out"),
    gettext_noop(":"),
)
# What the log keeps as one word for every reader. One that is not here is shown as it is.
OF_THE_LOG: Mapping[str, str | Promise] = {
    "asked for": _("Requested"),
    "approve": _("Approved"),
    "refuse": _("Refused"),
    "ask-release": _("Requested its release"),
    "release": _("Released"),
    "keep": _("Kept the hold"),
    "try again now": _("Tried again"),
    "registered": _("Registered"),
    "rotate": _("Created a new secret"),
    "retire": _("No longer holds data"),
    "tell-again": _("Notified it again"),
    "try_again": _("Tried again"),
    "settle": _("Marked as notified by other means"),
    "imported": _("Imported"),
    "proposed for publication": _("Proposed for publication"),
    "published": _("Published"),
}
TRUTHS = {True: _("Yes"), False: _("No")}


class SpeaksInWords(ModelAdmin):
    """Says yes and no in words, where Django shows a picture that is called True, and what the log says likewise."""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns, those of yes and no in words."""
        return [self._in_words(name) for name in super().get_list_display(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields of a page that only shows, those of yes and no in words."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [(name, {**more, "fields": self._all_in_words(more["fields"])}) for name, more in fieldsets]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show what was done, in the reader's language."""
        answer = super().history_view(request, object_id, extra_context)
        for entry in (getattr(answer, "context_data", None) or {}).get("action_list", ()):
            _put_into_words(entry)
        return answer

    def _all_in_words(self, names: Any) -> list[Any]:
        return [self._all_in_words(name) if isinstance(name, list | tuple) else self._in_words(name) for name in names]

    def _in_words(self, name: Any) -> Any:
        column = next((one for one in self.model._meta.concrete_fields if one.name == name), None)
        return _truth(column) if isinstance(column, BooleanField) else name


def _truth(column: BooleanField) -> Any:
    @admin.display(description=column.verbose_name, ordering=column.name)
    def truth(row: Model) -> str | Promise:
        return TRUTHS.get(getattr(row, column.name), "—")

    return truth


def _put_into_words(entry: LogEntry) -> None:
    entry.change_message = str(OF_THE_LOG.get(entry.change_message, entry.change_message))
