"""Accesses by staff, to read."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.access.models import AccessRecord
from privacy.evidence.admin import EvidenceAdmin, StaffNamesAdmin, staff_column


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
