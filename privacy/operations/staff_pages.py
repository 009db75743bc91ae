"""A part of the staff's first page, and of the page of a person: what one package shows there."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from privacy.operations.watching import MOST_LINES

Row = TypeVar("Row", bound=Model)
# Of each kind of rows, the page of a person shows as many.
MOST_NEWEST = 10


@dataclass(frozen=True)
class Need:
    """Something that waits for staff, as a card of the first page.

    `label` says what is counted; `count` is None if it cannot be read. `url` is the list of just these, empty for none.
    `due_at` is the nearest deadline. `is_urgent` is whether something is overdue or failed.
    """

    label: str
    count: float | Mapping[str, float] | None
    url: str = ""
    due_at: dt.datetime | None = None
    is_urgent: bool = False
    # Of a long list only the first rows are counted.
    is_at_least: bool = False


def _no_needs(_context: Any) -> Iterable[Need]:
    return ()


@dataclass(frozen=True)
class FirstPagePart:
    """Drawn by `template` with what `context` returns for a member of staff; None leaves it out.

    `permissions`: any one of them is enough to see it; if empty, only administrators do. `position` orders the parts.
    `needs` returns the cards of what waits in a context. `shows` names the watched figures that the part shows already,
    so that they are not listed a second time.
    """

    template: str
    context: Callable[[Any], Mapping[str, Any] | None]
    permissions: tuple[str, ...]
    position: int
    shows: tuple[str, ...] = ()
    needs: Callable[[Any], Iterable[Need]] = _no_needs

    def is_for(self, user: Any) -> bool:
        """Whether a member of staff may see it."""
        return user.is_superuser or any(user.has_perm(permission) for permission in self.permissions)


@dataclass(frozen=True)
class PersonPart:
    """A part of the page of a person, drawn by `template` with what `context` returns for the id of their subject.

    Staff need the `permission` to see it. `label` is a lazy text, `anchor` its place on the page, `position` its order.
    A context asks the database once or twice, however much there is: it holds `newest` rows.
    """

    anchor: str
    label: Any
    template: str
    context: Callable[[UUID], Mapping[str, Any]]
    permission: str
    position: int


def list_url(model: str, **filters: str) -> str:
    """Return the address of a list of the admin, such as `privacy_legalhold`, filtered."""
    page = reverse(f"admin:{model}_changelist")
    return f"{page}?{urlencode(filters)}" if filters else page


def need_of(rows: Sequence[Any], label: str, url: str, due_at: dt.datetime | None = None, **more: Any) -> Need:
    """Return the card of some rows, of which a part reads `MOST_LINES` at most."""
    return Need(label, len(rows), url, due_at, is_at_least=len(rows) >= MOST_LINES, **more)


def newest(rows: QuerySet[Row], model: str, subject_id: UUID) -> dict[str, Any]:
    """Return the newest of a person's rows, and the address of the list of all of them where there are more."""
    read = list(rows[: MOST_NEWEST + 1])
    more = list_url(model, q=str(subject_id)) if len(read) > MOST_NEWEST else ""
    return {"rows": read[:MOST_NEWEST], "more": more}
