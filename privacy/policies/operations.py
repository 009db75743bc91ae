"""Operations of policies: permissions, and the receiver that clears the cache of published versions."""

from privacy.operations.receivers import Receives
from privacy.operations.roles import POLICY_OPERATOR, PRIVACY_OFFICER, Permissions
from privacy.policies.published import forget_at_publication
from privacy.policies.signals import policy_published

SEE_POLICIES, CONFIRM = "privacy.view_policyversion", "privacy.confirm_publication"
PREPARE = ("privacy.add_policyversion", "privacy.change_policyversion", "privacy.delete_policyversion")

OPERATIONS = [
    Permissions({PRIVACY_OFFICER: (SEE_POLICIES, CONFIRM), POLICY_OPERATOR: (SEE_POLICIES, CONFIRM, *PREPARE)}),
    Receives(policy_published, forget_at_publication),
]
