"""The erasure journal, to read."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from privacy.evidence.admin import EvidenceAdmin
from privacy.evidence.staff_names import names_of_staff
from privacy.inventory.retention_classes import labels_of
from privacy.journal.models import JournalEntry

# The labels of the keys of `details`; another key is shown as it is.
DETAILS = {
    "jurisdiction": _("jurisdiction"),
    "language": _("language"),
    "legal_basis": _("legal basis"),
    "asked_by": _("requested by"),
    "asked_at": _("requested"),
    "decided_by": _("decided by"),
    "release_asked_by": _("release requested by"),
    "released_by": _("released by"),
}
STAFF = ("asked_by", "decided_by", "release_asked_by", "released_by")
SEALED = ("legal_basis",)


@admin.register(JournalEntry)
class JournalEntryAdmin(EvidenceAdmin):
    """The chain of cancellations, erasures and holds."""

    list_display = ("position", "kind", "reference", "clause", "at")
    list_filter = ("kind",)
    fields = (
        ("kind", "at", "reference", "clause"),
        ("subject", "item"),
        ("named_classes", "due_at", "deadline_at"),
        "details_in_words",
    )

    @admin.display(description=_("retention classes"))
    def named_classes(self, entry: JournalEntry) -> str:
        """The classes that were erased or are kept, in words."""
        return labels_of(entry.classes)

    @admin.display(description=_("details"))
    def details_in_words(self, entry: JournalEntry) -> SafeString:
        """What else a replay needs, under labels and with the names of staff."""
        names = names_of_staff(UUID(entry.details[key]) for key in STAFF if entry.details.get(key))
        pairs = [(DETAILS.get(key, key), _in_words(key, value, names)) for key, value in entry.details.items() if value]
        return format_html_join("", "{}: {}<br>", pairs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "named_classes", "details_in_words")


def _in_words(key: str, value: Any, names: Any) -> Any:
    if key in STAFF:
        return names[UUID(value)]
    if key in SEALED:
        return _("sealed")
    return get_language_info(value)["name_translated"] if key == "language" else value
