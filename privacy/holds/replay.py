"""What the journal records of a legal hold, and how a replay restores the hold from it.

The legal basis is text by staff. The journal holds no personal values, and staff may have written one: so it is sealed
under a system key. Numbers of staff accounts are stored in clear.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import seal_for_system, unseal_for_system
from privacy.holds.models import LegalHold
from privacy.journal.lines import Line

BASIS_KEY = "holds"
BASIS_LOST = "cannot be read from the journal: see the order"


def details_of(hold: LegalHold) -> dict[str, Any]:
    """Return what a journal line says of a hold besides its columns."""
    return {
        "jurisdiction": hold.subject.jurisdiction,
        "legal_basis": seal_for_system(hold.legal_basis.encode(), BASIS_KEY, str(hold.pk)).hex(),
        "asked_by": _text(hold.asked_by),
        "asked_at": hold.asked_at.isoformat(),
        "decided_by": _text(hold.decided_by),
        "release_asked_by": _text(hold.release_asked_by),
        "released_by": _text(hold.released_by),
    }


def approve_again(lines: Sequence[Line]) -> int:
    """Put these holds in force again, in the caller's transaction; return how many the database lacked."""
    made = 0
    for line in lines:
        details = line.get("details", {})
        decided = {"state": LegalHold.State.APPROVED, "decided_by": details.get("decided_by"), "decided_at": line["at"]}
        defaults = {
            "subject_id": line["subject_id"],
            "exception": line["clause"],
            "legal_basis": _basis(line),
            "classes": line["classes"],
            "until": line["due_at"],
            "asked_by": details.get("asked_by"),
            "asked_at": dt.datetime.fromisoformat(details.get("asked_at") or line["at"]),
            **decided,
        }
        _hold, is_new = LegalHold.objects.get_or_create(pk=line["item"], defaults=defaults)
        LegalHold.objects.filter(pk=line["item"], state=LegalHold.State.ASKED).update(**decided)
        made += is_new
    return made


def release_again(lines: Sequence[Line]) -> int:
    """Release these holds again, in the caller's transaction; return how many were in force."""
    return sum(
        LegalHold.objects.filter(pk=line["item"], state=LegalHold.State.APPROVED).update(
            state=LegalHold.State.RELEASED,
            released_at=line["at"],
            release_asked_by=line.get("details", {}).get("release_asked_by"),
            released_by=line.get("details", {}).get("released_by"),
        )
        for line in lines
    )


def _basis(line: Line) -> str:
    sealed = line.get("details", {}).get("legal_basis", "")
    try:
        return unseal_for_system(bytes.fromhex(sealed), BASIS_KEY, line["item"]).decode()
    except CannotOpen:
        return BASIS_LOST


def _text(number: object) -> str | None:
    return str(number) if number else None
