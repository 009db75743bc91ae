"""Operations of legal holds: permissions, figures, and an alarm before one ends."""

from typing import Any

from privacy.evidence.staff_names import named
from privacy.holds.queries import asked_holds, ending_holds, holds_in_force, holds_to_release
from privacy.operations.roles import PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.watching import MOST_LINES, Severity, Watched

SEE_HOLDS = "privacy.view_legalhold"
CHANGE_HOLDS = ("privacy.add_legalhold", "privacy.approve_legalhold", "privacy.release_legalhold")


def holds_to_show(_user: Any) -> dict[str, Any]:
    """Return the holds that wait for a second person, and those that end soon."""
    return {
        "asked": named(asked_holds()[:MOST_LINES], "asked_by"),
        "to_release": named(holds_to_release()[:MOST_LINES], "release_asked_by"),
        "ending": ending_holds()[:MOST_LINES],
    }


OPERATIONS = [
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
    FirstPagePart("admin/first_page/holds.html", holds_to_show, (SEE_HOLDS,), position=40, shows=("holds_ending",)),
]
