"""Evidence in the admin, read only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.evidence.staff_names import NAMES, named


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows what services and sweeps wrote. No one adds, changes or deletes it here, whatever their permissions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ExactSearchAdmin(admin.ModelAdmin):
    """Finds rows by a whole id or reference in `search_fields`, such as `=subject__id`.

    Django would compare them as upper-case text, which reads the whole table.
    """

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Return the rows of an id or reference; a term that is neither finds nothing."""
        term = search_term.strip().upper()
        if not term:
            return queryset, False
        wanted = Q()
        for column in self.search_fields:
            field = self.model._meta.get_field(column.removeprefix("=").removesuffix("__id"))
            with suppress(ValidationError, ValueError):
                wanted |= Q(**{field.name: field.to_python(term)})  # type: ignore[union-attr]
        return (queryset.filter(wanted) if wanted else queryset.none()), False


class EvidenceAdmin(ExactSearchAdmin, ReadOnlyAdmin):
    """Shows a chain, newest first; searched by subject."""

    ordering = ("-position",)
    search_fields: ClassVar[tuple[str, ...]] = ("=subject__id",)
    search_help_text = "UUID"


class NeedsFilter(admin.SimpleListFilter):
    """Filters a list by what needs doing: `queries` maps a value to its label and the query that finds these rows."""

    title = _("what needs doing")
    parameter_name = "needs"
    queries: ClassVar[Mapping[str, tuple[Any, Callable[[], QuerySet]]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return each value with its label."""
        return [(value, label) for value, (label, _query) in self.queries.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the rows of the chosen query; those of an unknown value are none."""
        value = self.value()
        if not value:
            return queryset
        chosen = self.queries.get(value)
        return queryset.filter(pk__in=chosen[1]().order_by().values("pk")) if chosen else queryset.none()


def staff_column(column: str, label: Any) -> Callable[[Any, Model], str]:
    """Return a column of a `StaffNamesAdmin` that shows a name instead of the number."""

    @admin.display(description=label)
    def shown(_admin: Any, row: Model) -> str:
        return getattr(row, NAMES)[column] or "—"

    return shown


class StaffNamesAdmin(admin.ModelAdmin):
    """Shows the names of staff on its list and its pages; `staff_columns` holds numbers of staff accounts."""

    staff_columns: tuple[str, ...] = ()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list, its rows with names."""
        listed = super().get_changelist_instance(request)
        named(listed.result_list, *self.staff_columns)
        return listed

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row with names."""
        row = super().get_object(request, object_id, from_field)
        return named([row], *self.staff_columns)[0] if row else row
