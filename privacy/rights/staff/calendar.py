"""Due times of requests as a calendar (RFC 5545) for one member of staff: references only."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from privacy.evidence.staff_names import staff_with
from privacy.jurisdictions.site import link_to
from privacy.rights.models.calendar import CalendarFeed
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.tokens import keyed, new_token
from privacy.rights.queries import WORK_REQUESTS, open_requests

# Octets of a line before it is folded (RFC 5545, 3.1).
LONGEST_LINE = 75
# Events of one calendar; a member of staff works on fewer.
MOST = 1000


def new_feed(*, staff: UUID) -> str:
    """Make the secret of a member's calendar, and return it; an earlier one stops to work."""
    secret = new_token()
    CalendarFeed.objects.filter(staff=staff).delete()
    CalendarFeed.objects.create(staff=staff, secret_hash=keyed(secret, "calendar"))
    return secret


def end_feed(*, staff: UUID) -> bool:
    """End the address of a member's calendar; return whether there was one."""
    return bool(CalendarFeed.objects.filter(staff=staff).delete()[0])


def calendar_of(secret: str) -> str | None:
    """Return the calendar of a secret: the open requests of its member of staff, and those of no one.

    None for an unknown or ended secret, and for someone who does not work on requests any more.
    """
    feed = CalendarFeed.objects.filter(secret_hash=keyed(secret, "calendar")).first()
    if feed is None or feed.staff not in staff_with(WORK_REQUESTS):
        return None
    shown = open_requests().filter(Q(assigned_to=feed.staff) | Q(assigned_to=None))[:MOST]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//privacy portal//requests//EN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for request in shown for line in _event(request)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(request: RightsRequest) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{request.pk}@{urlsplit(settings.SITE_URL).hostname}"
    yield f"DTSTAMP:{_time(timezone.now())}"
    yield f"DTSTART:{_time(request.due_at)}"
    yield f"SUMMARY:{request.reference}"
    yield f"URL:{link_to('admin:privacy_rightsrequest_change', str(request.pk))}"
    yield "END:VEVENT"


def _time(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """Return a line in pieces: each but the first begins with a blank."""
    first, rest = line[:LONGEST_LINE], line[LONGEST_LINE:]
    step = LONGEST_LINE - 1
    return "\r\n ".join([first, *(rest[start : start + step] for start in range(0, len(rest), step))])
