"""Numbers of nobody in the admin, to read: registrations by month, and what went by age."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.staff import roles
from privacy.evidence.admin import ReadOnlyAdmin
from privacy.retention.models import MonthlyCount, Purge


class CountsAdmin(ReadOnlyAdmin):
    """Shows a table of numbers to whoever may see counts; nobody changes it."""

    # A page of one row would say nothing that the list does not.
    list_display_links = None
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the tables to whoever may see counts."""
        return request.user.has_perm(roles.COUNTS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see counts sees these."""
        return request.user.has_perm(roles.COUNTS)


@admin.register(MonthlyCount)
class MonthlyCountAdmin(CountsAdmin):
    """How many people registered, by month, jurisdiction, kind and country."""

    list_display = ("month", "jurisdiction", "kind", "country", "registered")
    list_filter = ("jurisdiction", "kind")
    date_hierarchy = "month"


@admin.register(Purge)
class PurgeAdmin(CountsAdmin):
    """How many rows of each record went by age, and when the last run was."""

    list_display = ("record", "last_run_at", "last_count", "total")
