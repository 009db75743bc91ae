"""What the first page of staff shows of requests: the next ones that are due, and cards of what needs them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from privacy.evidence.staff_names import named
from privacy.operations.staff_pages import MOST_NEWEST, Need, list_url
from privacy.rights.queries import (
    QUEUE_ORDER,
    as_queued,
    child_reports,
    endangered_requests,
    late_requests,
    letters_to_post,
    open_requests,
    undelivered_answers,
    void_extensions,
)

LIST = "privacy_rightsrequest"


def requests_for(user: Any) -> dict[str, Any] | None:
    """Return what the part of the first page shows a member of staff; None where nothing is open."""
    waiting = open_requests()
    found = {
        "open": waiting.count(),
        "mine": waiting.filter(assigned_to=user.pk).count(),
        "unassigned": waiting.filter(assigned_to=None).count(),
        "next": named(as_queued(waiting).order_by(*QUEUE_ORDER)[:MOST_NEWEST], "assigned_to"),
        "needs": [*_needs(), *_own_needs(user)],
    }
    return found if found["open"] or found["needs"] else None


def needed_requests(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the cards of the first page."""
    yield from context["needs"]


def _needs() -> Iterator[Need]:
    for rows, label, needs, is_urgent in (
        (child_reports(), _("Reports of children without a parent's consent"), "child", True),
        (late_requests(), _("Requests that are late"), "late", True),
        (endangered_requests(), _("Requests due within seven days"), "soon", False),
    ):
        if count := rows.count():
            due_at = rows.values_list("due_at", flat=True).first()
            yield Need(label, count, list_url(LIST, needs=needs), due_at, is_urgent=is_urgent)
    for some, label, needs, is_urgent in (
        (undelivered_answers(), _("Answers that were not delivered"), "undelivered", True),
        (void_extensions(), _("Extensions that are void"), "void", True),
        (letters_to_post(), _("Answers to post"), "letters", False),
    ):
        if count := some.count():
            yield Need(label, count, list_url(LIST, needs=needs, closed="all"), is_urgent=is_urgent)


def _own_needs(user: Any) -> Iterator[Need]:
    for whose, label, number in (
        ("mine", _("Requests that you work on"), user.pk),
        ("none", _("Requests assigned to no one"), None),
    ):
        rows = open_requests().filter(assigned_to=number)
        if count := rows.count():
            yield Need(label, count, list_url(LIST, whose=whose), rows.values_list("due_at", flat=True).first())
