"""Evidence in the admin: to read, and nothing else."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows what services and sweeps wrote, whatever the permissions: nobody adds, changes or deletes it here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services write."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was written stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was written stays."""
        return False


class EvidenceAdmin(ReadOnlyAdmin):
    """Shows a chain, newest first; found by subject."""

    ordering = ("-position",)
    search_fields: ClassVar[tuple[str, ...]] = ("=subject__id",)
    search_help_text = "UUID"
    show_full_result_count = False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find by a person's number; anything else finds nothing."""
        try:
            return super().get_search_results(request, queryset, search_term)
        except (ValueError, TypeError):
            return queryset.none(), False
