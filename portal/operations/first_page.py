"""The first page of staff: what needs attention, each part by permission."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from portal.operations.reading import Unread, read_figure, read_or_log
from privacy.operations.collecting import declared
from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.watching import Figure, Severity, Watched


@dataclass(frozen=True)
class Count:
    """A watched figure above zero, and the first deadline among its rows; `count` is None if it cannot be read."""

    label: str
    count: Figure | None
    deadline: Any = None


def first_page(request: HttpRequest) -> dict[str, Any]:
    """Return the HTML of each part that a member of staff may see, and the figures that no part shows.

    The HTML of a part that cannot be read is None.
    """
    seen = [part for part in declared(FirstPagePart) if part.is_for(request.user)]
    parts = sorted(seen, key=lambda part: part.position)
    drawn = [_drawn(part, request) for part in parts]
    shown = {name for part in parts for name in part.shows}
    return {"parts": [html for html in drawn if html != ""], "counts": list(counts(request.user, shown))}


def counts(user: Any, shown: set[str]) -> Iterator[Count]:
    """Yield each figure above zero that a member of staff may see, and each that cannot be read, without `shown`."""
    for watched in declared(Watched):
        is_asked = watched.severity is not Severity.NONE and watched.name not in shown and watched.seen_by
        if is_asked and user.has_perm(watched.seen_by) and (count := _count(watched)):
            yield count


def _drawn(part: FirstPagePart, request: HttpRequest) -> str | None:
    """Return the HTML of a part, empty where it has nothing to show, None where it cannot be read."""

    def draw() -> str:
        context = part.context(request.user)
        # Drawn here, because a query set of the context is read by the template.
        return "" if context is None else render_to_string(part.template, {"part": context}, request)

    html = read_or_log(f"The part {part.template} of the first page", draw)
    return None if isinstance(html, Unread) else html


def _count(watched: Watched) -> Count | None:
    def read() -> Count | None:
        figure = read_figure(watched)
        return Count(str(watched.label), figure, watched.first_deadline()) if figure else None

    count = read_or_log(f"The figure {watched.name}", read)
    return Count(str(watched.label), None) if isinstance(count, Unread) else count
