"""The roles of staff, and which permissions a package gives to each. Every role is a group of Django's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from privacy.operations.collecting import declared

PRIVACY_OFFICER = _("Privacy officer")
SUPPORT = _("Support")
REVIEWER = _("Reviewer")
AUDITOR = _("Auditor")
POLICY_OPERATOR = _("Policy operator")
ROLES = (PRIVACY_OFFICER, SUPPORT, REVIEWER, AUDITOR, POLICY_OPERATOR)
# Names that were in `ROLES`. A migration takes the permissions of their groups; their members stay in them.
FORMER_ROLES: tuple[str, ...] = ()


@dataclass(frozen=True)
class Permissions:
    """The permissions (`app.codename`) that a package gives to roles."""

    by_role: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def permissions_by_role() -> dict[str, frozenset[str]]:
    """Return the permissions of each role, from the declarations of all packages."""
    given = [each.by_role for each in declared(Permissions)]
    return {role: frozenset(name for by_role in given for name in by_role.get(role, ())) for role in ROLES}
