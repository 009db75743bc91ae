"""The roles of staff in the admin: to be seen, never changed there."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Shows what a role may do. `accounts.staff.roles` says it, and a migration brings it about."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No other role than those of the code."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No right is given or taken in a form: a member of staff could give themselves every one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No role is deleted."""
        return False
