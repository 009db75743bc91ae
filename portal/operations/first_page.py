"""The first page of staff: what needs attention, each part by permission."""

from dataclasses import dataclass
from typing import Any

from privacy.operations.collecting import declared
from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.watching import Severity, Watched


@dataclass(frozen=True)
class Part:
    """A part of the page."""

    template: str
    context: Any


@dataclass(frozen=True)
class Count:
    """A watched figure above zero, and the first deadline among its rows."""

    label: str
    count: float
    deadline: Any


def first_page(user: Any) -> dict[str, Any]:
    """Return the parts that a member of staff may see, and the figures that no part shows."""
    parts = sorted((part for part in declared(FirstPagePart) if part.is_for(user)), key=lambda part: part.position)
    drawn = [Part(part.template, context) for part in parts if (context := part.context(user)) is not None]
    return {"parts": drawn, "counts": list(_counts(user, {name for part in parts for name in part.shows}))}


def _counts(user: Any, shown: set[str]) -> Any:
    for watched in declared(Watched):
        is_asked = watched.severity is not Severity.NONE and watched.name not in shown and watched.seen_by
        if is_asked and user.has_perm(watched.seen_by) and (count := watched.value()):
            yield Count(str(watched.label), count, watched.first_deadline())
