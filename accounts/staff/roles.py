"""What staff may do with people, and the groups of the roles, whose permissions packages declare."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from privacy.access.models import BETWEEN_ROLES
from privacy.operations.roles import permissions_by_role

FIND, OPEN, CORRECT = "accounts.find_person", "accounts.open_person", "accounts.correct_person"
PROPOSE_RESET, CONFIRM_RESET = "accounts.propose_reset", "accounts.confirm_reset"
CANCEL, END_SESSIONS, COUNTS = "accounts.cancel_person", "accounts.end_sessions", "accounts.see_counts"
# Has every right: no group, but Django's superuser.
ADMINISTRATOR = _("Administrator")


def roles() -> Mapping[str, frozenset[str]]:
    """Return the permissions of each role."""
    return permissions_by_role()


def make_groups(group_model: Any, permission_model: Any) -> None:
    """Make each role's group and give it those of its permissions that exist by now; may be called again."""
    for name, wanted in roles().items():
        group, _made = group_model.objects.get_or_create(name=name)
        pairs = [permission.split(".") for permission in wanted]
        exist = [permission_model.objects.filter(content_type__app_label=app, codename=code) for app, code in pairs]
        group.permissions.set(found for permissions in exist for found in permissions)


def role_of(user: Any) -> str:
    """Return the roles of a member of staff as the person whose data they view reads them."""
    names = user.groups.order_by("name").values_list("name", flat=True)
    return BETWEEN_ROLES.join(names) or ADMINISTRATOR
