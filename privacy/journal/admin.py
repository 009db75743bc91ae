"""The erasure journal, to read."""

from django.contrib import admin

from privacy.evidence.admin import EvidenceAdmin
from privacy.journal.models import JournalEntry


@admin.register(JournalEntry)
class JournalEntryAdmin(EvidenceAdmin):
    """The chain of cancellations, erasures and holds."""

    list_display = ("position", "kind", "reference", "clause", "at")
    list_filter = ("kind",)
