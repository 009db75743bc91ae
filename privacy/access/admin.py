"""Accesses by staff, to read."""

from django.contrib import admin

from privacy.access.models import AccessRecord
from privacy.evidence.admin import EvidenceAdmin


@admin.register(AccessRecord)
class AccessRecordAdmin(EvidenceAdmin):
    """The chain of accesses."""

    list_display = ("position", "at", "act", "role", "reason", "reference", "subject_id")
    list_filter = ("act", "reason", "role")
