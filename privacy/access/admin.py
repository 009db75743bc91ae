"""Accesses by staff and downloads of lists, to read."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.access.models import AccessRecord, ListExport
from privacy.access.restrictions_admin import ProcessingRestrictionAdmin
from privacy.evidence.admin import EvidenceAdmin, StaffNamesAdmin, staff_column

__all__ = ["AccessRecordAdmin", "ListExportAdmin", "ProcessingRestrictionAdmin", "RoleFilter"]


class RoleFilter(admin.SimpleListFilter):
    """Offers every role. Finding the roles that occur would read every record."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return each role with its name in the reader's language."""
        return [(name, gettext(name)) for name in Group.objects.order_by("name").values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the accesses of staff who had the chosen role, alone or with others."""
        return queryset.filter(role__contains=self.value()) if self.value() else queryset


@admin.register(AccessRecord)
class AccessRecordAdmin(StaffNamesAdmin, EvidenceAdmin):
    """Accesses by staff to people's data, to read."""

    list_display = ("position", "at", "act", "member", "roles", "reason", "reference", "person")
    list_filter = ("act", "reason", RoleFilter)
    fields = (("at", "act", "reason", "reference"), ("member", "roles"), "subject")
    staff_columns = ("staff",)
    member = staff_column("staff", _("member of staff"))

    @admin.display(description=_("role"))
    def roles(self, access: AccessRecord) -> str:
        """The roles that the member of staff had, in words."""
        return access.role_in_words

    @admin.display(description=_("person"))
    def person(self, access: AccessRecord) -> str:
        """The number of the person, without reading their row."""
        return str(access.subject_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "member", "roles")


@admin.register(ListExport)
class ListExportAdmin(StaffNamesAdmin, EvidenceAdmin):
    """Lists that staff downloaded, to read."""

    list_display = ("position", "at", "listed_in_words", "filters_in_words", "rows", "member", "roles")
    list_filter = (RoleFilter,)
    search_fields = ()
    fields = ("at", "listed_in_words", "filters_in_words", "rows", ("member", "roles"))
    staff_columns = ("staff",)
    member = staff_column("staff", _("member of staff"))

    @admin.display(description=_("role"))
    def roles(self, export: ListExport) -> str:
        """The roles that the member of staff had, in words."""
        return export.role_in_words

    @admin.display(description=_("list"))
    def listed_in_words(self, export: ListExport) -> str:
        """The name of the list; its stored label where the model no longer exists."""
        try:
            return str(apps.get_model(export.listed)._meta.verbose_name_plural)
        except (LookupError, ValueError):
            return export.listed

    @admin.display(description=_("filters"))
    def filters_in_words(self, export: ListExport) -> str:
        """The parameters of the list's address."""
        return ", ".join(f"{name}={value}" for name, value in export.filters.items()) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("member", "roles", "listed_in_words", "filters_in_words")
        return (*super().get_readonly_fields(request, obj), *shown)
