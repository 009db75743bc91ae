"""The roles of staff: each a group with exactly these permissions, made by a migration."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from privacy.access.models import BETWEEN_ROLES

FIND, OPEN, CORRECT = "accounts.find_person", "accounts.open_person", "accounts.correct_person"
PROPOSE_RESET, CONFIRM_RESET = "accounts.propose_reset", "accounts.confirm_reset"
CANCEL, END_SESSIONS, COUNTS = "accounts.cancel_person", "accounts.end_sessions", "accounts.see_counts"
MESSAGES = "privacy.view_notice"
EVIDENCE = (
    "privacy.view_consentrecord",
    "privacy.view_erasurereceipt",
    "privacy.view_accessrecord",
    "privacy.view_journalentry",
    "privacy.view_delivery",
)
ERASURES, RETRY_ERASURE = "privacy.view_erasurecase", "privacy.retry_erasurecase"
SEE_POLICIES, CONFIRM = "privacy.view_policyversion", "privacy.confirm_publication"
SEE_HOLDS = "privacy.view_legalhold"
HOLDS = (SEE_HOLDS, "privacy.add_legalhold", "privacy.approve_legalhold", "privacy.release_legalhold")
SEE_RECIPIENTS = "privacy.view_recipient"
RECIPIENTS = (SEE_RECIPIENTS, "privacy.add_recipient", "privacy.change_recipient", "privacy.settle_delivery")
PREPARE_POLICIES = ("privacy.add_policyversion", "privacy.change_policyversion", "privacy.delete_policyversion")

# Has every right: no group, but Django's superuser.
ADMINISTRATOR = _("Administrator")
ROLES: Mapping[str, frozenset[str]] = {
    _("Privacy officer"): frozenset(
        {FIND, OPEN, CORRECT, CANCEL, END_SESSIONS, PROPOSE_RESET, CONFIRM_RESET, COUNTS, MESSAGES}
        | {ERASURES, RETRY_ERASURE, SEE_POLICIES, CONFIRM, *EVIDENCE, *HOLDS, *RECIPIENTS}
    ),
    _("Support"): frozenset({FIND, OPEN, CORRECT, END_SESSIONS, PROPOSE_RESET, MESSAGES}),
    _("Reviewer"): frozenset({FIND}),
    _("Auditor"): frozenset(EVIDENCE),
    _("Policy operator"): frozenset({SEE_POLICIES, CONFIRM, COUNTS, *PREPARE_POLICIES}),
}


def make_groups(group_model: Any, permission_model: Any) -> None:
    """Make each role's group and give it those of its permissions that exist by now; may be called again."""
    for name, wanted in ROLES.items():
        group, _made = group_model.objects.get_or_create(name=name)
        pairs = [permission.split(".") for permission in wanted]
        exist = [permission_model.objects.filter(content_type__app_label=app, codename=code) for app, code in pairs]
        group.permissions.set(found for permissions in exist for found in permissions)


def role_of(user: Any) -> str:
    """Return the roles of a member of staff as the person whose data they touch is told."""
    names = user.groups.order_by("name").values_list("name", flat=True)
    return BETWEEN_ROLES.join(names) or ADMINISTRATOR
