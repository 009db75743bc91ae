"""The roles of staff in the admin, read-only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Labels of Django's own permissions on a model; every other permission has its own.
STOCK = {"add": _("Add: %(what)s"), "change": _("Change: %(what)s"), "delete": _("Delete: %(what)s")} | {
    "view": _("View: %(what)s")
}


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Shows the permissions of a role, which packages declare (`accounts.staff.roles`)."""

    list_display = ("called",)
    search_fields = ()
    fields = ("called", "rights")
    readonly_fields = ("called", "rights")

    @admin.display(description=_("role"), ordering="name")
    def called(self, group: Group) -> str:
        """The name of the role in the reader's language."""
        return gettext(group.name)

    @admin.display(description=_("permissions"))
    def rights(self, group: Group) -> SafeString:
        """The label of each permission, one a line."""
        held = group.permissions.select_related("content_type").order_by("content_type__model", "codename")
        return format_html_join("", "{}<br>", ((right_in_words(permission),) for permission in held))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Group | None:
        """Return a role with its name in the reader's language; it is never saved."""
        group: Group | None = super().get_object(request, object_id, from_field)
        if group:
            group.name = gettext(group.name)
        return group

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deny: members of staff could give themselves every permission."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def right_in_words(permission: Permission) -> str:
    """Return the label of a permission in the reader's language; the stored name where its model no longer exists."""
    model = permission.content_type.model_class()
    if model is None:
        return permission.name
    if own := dict(model._meta.permissions).get(permission.codename):
        return gettext(str(own))
    action = permission.codename.partition("_")[0]
    words = STOCK.get(action)
    return str(words) % {"what": model._meta.verbose_name_plural} if words else permission.name
