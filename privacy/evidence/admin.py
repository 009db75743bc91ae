"""Evidence in the admin: to read, and nothing else."""

from contextlib import suppress
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
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


class FoundExactly(admin.ModelAdmin):
    """Finds rows by a whole id or reference in `search_fields`, such as `=subject__id`.

    Django compares them as text in capitals, which reads the whole table.
    """

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Return the rows of an id or reference; a term that is neither finds nothing."""
        term = search_term.strip().upper()
        if not term:
            return queryset, False
        wanted = Q()
        for named in self.search_fields:
            field = self.model._meta.get_field(named.removeprefix("=").removesuffix("__id"))
            with suppress(ValidationError, ValueError):
                wanted |= Q(**{field.name: field.to_python(term)})  # type: ignore[union-attr]
        return (queryset.filter(wanted) if wanted else queryset.none()), False


class EvidenceAdmin(FoundExactly, ReadOnlyAdmin):
    """Shows a chain, newest first; found by subject."""

    ordering = ("-position",)
    search_fields: ClassVar[tuple[str, ...]] = ("=subject__id",)
    search_help_text = "UUID"
