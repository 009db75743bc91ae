"""`/settings/requests/`: the requests of the signed-in person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import requests_of
from privacy.rights.showing import state_in_words
from privacy.subjects.markers import open_at_the_gate
from privacy.subjects.requests import SubjectRequest


@open_at_the_gate
@login_required
@never_cache
def my_requests(request: SubjectRequest) -> HttpResponse:
    """List the requests, newest first, with the state of each item."""
    found = [(one, _states(one)) for one in requests_of(request.data_subject.pk)]
    return render(request, "privacy/rights/my_requests.html", {"requests": found})


def _states(request: RightsRequest) -> list[tuple[str, str]]:
    return [(str(item.get_right_display()), state_in_words(item)) for item in request.items.all()]
