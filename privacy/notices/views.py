"""The outbox page: what would have been sent, to try the portal."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.notices import outbox
from privacy.notices.models import Notice
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Show the messages in the outbox, newest first; `?to=` shows those to one address."""
    if settings.OUTBOX_DIR is None:
        raise Http404
    to = request.GET.get("to", "").strip()
    shown = [_shown(message) for message in outbox.read_outbox(to=to)]
    return render(request, "privacy/notices/outbox.html", {"messages_sent": shown, "to": to})


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    channel = Notice.Channel(message["channel"])
    return message | {"channel_name": channel.label, "at": datetime.fromisoformat(message["at"])}
