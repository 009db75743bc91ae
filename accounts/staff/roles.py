"""The roles of staff and their groups; packages declare the permissions."""

from collections.abc import Mapping
from typing import Any

from privacy.operations.roles import FORMER_ROLES, ROLES, permissions_by_role

FIND, OPEN, CORRECT = "accounts.find_person", "accounts.open_person", "accounts.correct_person"
PROPOSE_RESET, CONFIRM_RESET = "accounts.propose_reset", "accounts.confirm_reset"
CANCEL, END_SESSIONS, COUNTS = "accounts.cancel_person", "accounts.end_sessions", "accounts.see_counts"


def roles() -> Mapping[str, frozenset[str]]:
    """Return the permissions of each role."""
    return permissions_by_role()


def make_groups(group_model: Any, permission_model: Any) -> None:
    """Make the group of each role with those of its permissions that exist; can be called again.

    The groups of former roles lose all; groups that an operator made keep theirs.
    """
    for name, wanted in roles().items():
        group, _made = group_model.objects.get_or_create(name=name)
        pairs = [permission.split(".") for permission in wanted]
        exist = [permission_model.objects.filter(content_type__app_label=app, codename=code) for app, code in pairs]
        group.permissions.set(found for permissions in exist for found in permissions)
    for group in group_model.objects.filter(name__in=set(FORMER_ROLES) - set(ROLES)):
        group.permissions.clear()
