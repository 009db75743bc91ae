"""Erasures on their way, and their receipts, to read."""

from django.contrib import admin

from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.evidence.admin import EvidenceAdmin


@admin.register(ErasureReceipt)
class ErasureReceiptAdmin(EvidenceAdmin):
    """The chain of receipts."""

    list_display = ("position", "reference", "cancelled_at", "erased_at")
    search_fields = ("=reference",)


@admin.register(ErasureCase)
class ErasureCaseAdmin(EvidenceAdmin):
    """Every cancellation and how its erasure stands."""

    list_display = ("reference", "state", "ground", "due_at", "deadline_at", "attempts", "last_failure")
    list_filter = ("state", "ground")
    search_fields = ("=reference",)
    ordering = ("deadline_at",)
