"""Operations of the audit trail: its chain in the journal, the step after a restore, and permissions."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.access.account_page import ACCESSES_PAGE
from privacy.access.journal import ACCESSES
from privacy.access.queries import accesses_of
from privacy.access.replay import restore_accesses
from privacy.evidence.staff_names import named
from privacy.journal.restores import AfterRestore
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import PersonPart, newest

SEE_ACCESSES = "privacy.view_accessrecord"
SEE_EXPORTS, EXPORT_LISTS = "privacy.view_listexport", "privacy.export_lists"
_AUDIT = (SEE_ACCESSES, SEE_EXPORTS, EXPORT_LISTS)


def _accesses(subject_id: UUID) -> dict[str, Any]:
    found = newest(accesses_of(subject_id), "privacy_accessrecord", subject_id)
    return found | {"rows": named(found["rows"], "staff")}


OPERATIONS = [
    ACCESSES_PAGE,
    ACCESSES,
    AfterRestore("accesses", restore_accesses, 10, "Accesses by staff restored: {count}."),
    Permissions({PRIVACY_OFFICER: _AUDIT, AUDITOR: _AUDIT}),
    PersonPart("accesses", _("Accesses by staff"), "admin/person/accesses.html", _accesses, SEE_ACCESSES, position=50),
]
