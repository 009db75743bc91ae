"""How the settings and the home page show the requests of a person."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.rights.choices import ItemState
from privacy.rights.queries import requests_of
from privacy.subjects.requests import SubjectRequest


def requests_state(request: SubjectRequest) -> PageState:
    """Return how many requests are open, by when the next is answered, and whether one waits for the person."""
    opened = list(requests_of(request.data_subject.pk).filter(closed_at__isnull=True))
    if not opened:
        return PageState(_("Ask for, correct or delete your data, or ask us something."), step=_("Make a request"))
    first = min(opened, key=lambda each: each.due_at)
    line = ngettext(
        "%(count)d open, answered by %(date)s", "%(count)d open, the first answered by %(date)s", len(opened)
    )
    waits = any(item.state == ItemState.RECEIVED for each in opened for item in each.items.all())
    return PageState(
        line % {"count": len(opened), "date": formats.date_format(timezone.localtime(first.due_at), "DATE_FORMAT")},
        chip=_("Please confirm") if waits else "",
        level=Level.WARN if waits else Level.NEUTRAL,
        step=_("See your requests"),
        is_needed=waits,
    )


REQUESTS_PAGE = AccountPage("my_requests", gettext_lazy("Your requests"), "document", 45, requests_state)
