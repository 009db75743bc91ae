"""`/staff/requests/<secret>.ics`: the due times of a member of staff, for their calendar."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from privacy.rights.staff.calendar import calendar_of
from privacy.subjects.markers import limited_as, open_at_the_gate


@limited_as("receipt")
@open_at_the_gate
@never_cache
def calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """Answer with the calendar. It is read by a program without a session: the secret of the address is the proof."""
    found = calendar_of(secret)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="text/calendar; charset=utf-8")
