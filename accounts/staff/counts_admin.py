"""Anonymous counts in the admin, read-only: registrations by month, and rows deleted by age."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.staff import roles
from privacy.evidence.admin import ReadOnlyAdmin
from privacy.inventory.declarations import Kind
from privacy.inventory.suppression import OTHER
from privacy.jurisdictions.country_names import country_name
from privacy.retention.models import MonthlyCount, Purge

KINDS = {Kind.INDIVIDUAL.value: _("Individual"), Kind.ENTERPRISE.value: _("Enterprise")}


class KindFilter(admin.SimpleListFilter):
    """Filters by the two kinds, with their labels."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CountsAdmin(ReadOnlyAdmin):
    """Shows a table of counts, read-only, to staff with the permission to see counts."""

    # The list shows all columns: a page of one row adds nothing.
    list_display_links = None
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(roles.COUNTS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(roles.COUNTS)


@admin.register(MonthlyCount)
class MonthlyCountAdmin(CountsAdmin):
    """Registrations by month, jurisdiction, kind and country."""

    list_display = ("month", "jurisdiction", "kind_in_words", "country_in_words", "registered")
    list_filter = ("jurisdiction", KindFilter)
    date_hierarchy = "month"

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, count: MonthlyCount) -> str:
        return str(KINDS.get(count.kind, count.kind))

    @admin.display(description=_("country"), ordering="country")
    def country_in_words(self, count: MonthlyCount) -> str:
        """The name of the country, or the label of suppressed countries."""
        return gettext("other countries") if count.country == OTHER else country_name(count.country)


@admin.register(Purge)
class PurgeAdmin(CountsAdmin):
    """Rows of each record deleted by age, and the time of the last run."""

    list_display = ("record_in_words", "last_run_at", "last_count", "total")

    @admin.display(description=_("record"), ordering="record")
    def record_in_words(self, purge: Purge) -> str:
        """The label of these rows; the key of a record that no longer exists."""
        try:
            return str(apps.get_model(purge.record)._meta.verbose_name_plural)
        except (LookupError, ValueError):
            return purge.record
