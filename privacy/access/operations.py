"""Operations of the audit trail: its chain in the journal, the step after a restore, and permissions."""

from privacy.access.account_page import ACCESSES_PAGE
from privacy.access.journal import ACCESSES
from privacy.access.replay import restore_accesses
from privacy.journal.restores import AfterRestore
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions

SEE_ACCESSES = "privacy.view_accessrecord"

OPERATIONS = [
    ACCESSES_PAGE,
    ACCESSES,
    AfterRestore("accesses", restore_accesses, 10, "Accesses by staff restored: {count}."),
    Permissions({PRIVACY_OFFICER: (SEE_ACCESSES,), AUDITOR: (SEE_ACCESSES,)}),
]
