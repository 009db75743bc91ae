"""What the audit trail brings: its chain in the journal, and who sees it."""

from privacy.access.journal import ACCESSES
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions

SEE_ACCESSES = "privacy.view_accessrecord"

OPERATIONS = [ACCESSES, Permissions({PRIVACY_OFFICER: (SEE_ACCESSES,), AUDITOR: (SEE_ACCESSES,)})]
