"""Translations for the admin: texts that Django lacks, entries of the admin log, and yes or no."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.db.models import BooleanField, Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# Django's Chinese catalogue lacks these, or differs.
DJANGO_MSGIDS = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Action:"),
    gettext_noop("Filter"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Select %s to view"),
    gettext_noop("Recent actions"),
    gettext_noop("My actions"),
    gettext_noop("None available"),
    gettext_noop(":"),
)
# Labels of words that the log stores. Another entry is translated by the catalogue, if it has its text.
LOG_LABELS: Mapping[str, str | Promise] = {
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
    "notify-again": _("Notified it again"),
    "tell-again": _("Notified it again"),  # stored by earlier versions
    "try_again": _("Tried again"),
    "settle": _("Marked as notified by other means"),
    "imported": _("Imported"),
    "proposed for publication": _("Proposed for publication"),
    "published": _("Published"),
}
YES_NO = {True: _("Yes"), False: _("No")}


class TranslatedValuesMixin(ModelAdmin):
    """Shows yes or no as text, where Django shows an icon labelled True, and translates entries of the log."""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns, with yes or no as text."""
        return [self._translated_column(name) for name in super().get_list_display(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields; on a read-only page with yes or no as text."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [(name, {**more, "fields": self._translated_columns(more["fields"])}) for name, more in fieldsets]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the log in the reader's language."""
        answer = super().history_view(request, object_id, extra_context)
        for entry in (getattr(answer, "context_data", None) or {}).get("action_list", ()):
            _translate_entry(entry)
        return answer

    def _translated_columns(self, names: Any) -> list[Any]:
        return [
            self._translated_columns(name) if isinstance(name, list | tuple) else self._translated_column(name)
            for name in names
        ]

    def _translated_column(self, name: Any) -> Any:
        column = next((one for one in self.model._meta.concrete_fields if one.name == name), None)
        return _yes_or_no(column) if isinstance(column, BooleanField) else name


def _yes_or_no(column: BooleanField) -> Any:
    @admin.display(description=column.verbose_name, ordering=column.name)
    def yes_or_no(row: Model) -> str | Promise:
        return YES_NO.get(getattr(row, column.name), "—")

    return yes_or_no


def _translate_entry(entry: LogEntry) -> None:
    stored = entry.change_message
    # The catalogue's answer to an empty text is its header.
    entry.change_message = str(LOG_LABELS.get(stored) or (stored and gettext(stored)))
