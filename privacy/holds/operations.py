"""Operations of legal holds: permissions, figures, and an alarm before one ends."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.access.models import AccessRecord
from privacy.evidence.staff_names import named
from privacy.holds.models import LegalHold
from privacy.holds.queries import asked_holds, ending_holds, holds_in_force, holds_of, holds_to_release
from privacy.operations.roles import PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import FirstPagePart, Need, PersonPart, list_url, need_of, newest
from privacy.operations.watching import MOST_LINES, Severity, Watched
from privacy.restriction.queries import MayRead

SEE_HOLDS = "privacy.view_legalhold"
CHANGE_HOLDS = ("privacy.add_legalhold", "privacy.approve_legalhold", "privacy.release_legalhold")


def holds_to_show(_user: Any) -> dict[str, Any]:
    """Return the holds that wait for a second person, and those that end soon."""
    return {
        "asked": named(asked_holds()[:MOST_LINES], "asked_by"),
        "to_release": named(holds_to_release()[:MOST_LINES], "release_asked_by"),
        "ending": list(ending_holds()[:MOST_LINES]),
    }


def needed_holds(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the cards of the first page: holds that wait for a second person, and those that end soon."""
    asked, to_release, ending = (context[name] for name in ("asked", "to_release", "ending"))
    if asked:
        yield need_of(asked, _("Legal holds to approve"), list_url("privacy_legalhold", needs="approval"))
    if to_release:
        yield need_of(to_release, _("Legal holds to release"), list_url("privacy_legalhold", needs="release"))
    if ending:
        page = list_url("privacy_legalhold", needs="ending")
        yield need_of(ending, _("Legal holds ending soon"), page, ending[0].until)


def _holds(subject_id: UUID) -> dict[str, Any]:
    rows = LegalHold.objects.filter(subject_id=subject_id).order_by("-asked_at")
    found = newest(rows, "privacy_legalhold", subject_id)
    return found | {"rows": named(found["rows"], "asked_by")}


OPERATIONS = [
    # A hold keeps data for an authority or a court: who carries out the law may read it.
    MayRead(AccessRecord.Reason.LAW, lambda subject_id: bool(holds_of([subject_id]))),
    Permissions({PRIVACY_OFFICER: (SEE_HOLDS, *CHANGE_HOLDS)}),
    Watched("holds", "Legal holds in force.", rows=holds_in_force),
    Watched(
        "holds_ending",
        "Legal holds that end within fourteen days.",
        rows=ending_holds,
        deadline="until",
        severity=Severity.HOURLY,
        line=lambda hold: f"legal hold {hold.pk} ends {hold.until:%Y-%m-%d %H:%M} UTC",
    ),
    FirstPagePart(
        "admin/first_page/holds.html",
        holds_to_show,
        (SEE_HOLDS,),
        position=40,
        shows=("holds_ending",),
        needs=needed_holds,
    ),
    PersonPart("holds", gettext_lazy("Legal holds"), "admin/person/holds.html", _holds, SEE_HOLDS, position=40),
]
