"""Updates the groups of roles from the declarations of packages, so that a new package needs no migration."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from accounts.staff.roles import make_groups


def make_role_groups(using: str, **_more: Any) -> None:
    """Update the groups after a migration of the data database; the permissions of all apps exist by then."""
    if using == "default":
        make_groups(Group, Permission)
