"""The first page of staff: what needs attention, each part by permission."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from portal.operations.reading import Unread, read_figure, read_or_log
from privacy.operations.collecting import declared
from privacy.operations.staff_pages import FirstPagePart, Need
from privacy.operations.watching import Severity, Watched


@dataclass(frozen=True)
class _DrawnPart:
    """The HTML of a part, empty where it has nothing to show and None where it cannot be read, and its cards."""

    html: str | None
    needs: Sequence[Need] = ()


def first_page(request: HttpRequest) -> dict[str, Any]:
    """Return the HTML of each part that a member of staff may see, and what needs them, the urgent first.

    The HTML of a part that cannot be read is None.
    """
    seen = [part for part in declared(FirstPagePart) if part.is_for(request.user)]
    parts = sorted(seen, key=lambda part: part.position)
    drawn = [_drawn(part, request) for part in parts]
    shown = {name for part in parts for name in part.shows}
    of_parts = [need for each in drawn for need in each.needs]
    needs = sorted([*of_parts, *needs_of_figures(request.user, shown)], key=lambda need: not need.is_urgent)
    return {"parts": [each.html for each in drawn if each.html != ""], "needs": needs}


def needs_of_figures(user: Any, shown: set[str]) -> Iterator[Need]:
    """Yield each figure above zero that a member of staff may see, and each that cannot be read, without `shown`."""
    for watched in declared(Watched):
        is_asked = watched.severity is not Severity.NONE and watched.name not in shown and watched.seen_by
        if is_asked and user.has_perm(watched.seen_by) and (need := _need_of(watched)):
            yield need


def _drawn(part: FirstPagePart, request: HttpRequest) -> _DrawnPart:
    def draw() -> _DrawnPart:
        context = part.context(request.user)
        if context is None:
            return _DrawnPart("")
        # Drawn here, because a query set of the context is read by the template.
        return _DrawnPart(render_to_string(part.template, {"part": context}, request), list(part.needs(context)))

    drawn = read_or_log(f"The part {part.template} of the first page", draw)
    return _DrawnPart(None) if isinstance(drawn, Unread) else drawn


def _need_of(watched: Watched) -> Need | None:
    is_urgent = watched.severity is Severity.URGENT

    def read() -> Need | None:
        figure = read_figure(watched)
        return (
            Need(str(watched.label), figure, due_at=watched.first_deadline(), is_urgent=is_urgent) if figure else None
        )

    need = read_or_log(f"The figure {watched.name}", read)
    return Need(str(watched.label), None, is_urgent=True) if isinstance(need, Unread) else need
