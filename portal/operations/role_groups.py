"""Keeps the groups of roles as the packages declare them: a new package needs no migration for it."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from accounts.staff.roles import make_groups


def make_role_groups(using: str, **_more: Any) -> None:
    """Make the groups after a migration of the data; permissions of all apps exist by then."""
    if using == "default":
        make_groups(Group, Permission)
