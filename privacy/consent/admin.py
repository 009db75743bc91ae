"""Consent, to read."""

from django.contrib import admin

from privacy.consent.models import ConsentRecord
from privacy.evidence.admin import EvidenceAdmin


@admin.register(ConsentRecord)
class ConsentRecordAdmin(EvidenceAdmin):
    """The chain of consent."""

    list_display = ("position", "at", "act", "version", "language", "channel", "subject_id")
    list_filter = ("act", "channel", "version__jurisdiction")
    list_select_related = ("version",)
