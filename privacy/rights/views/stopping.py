"""`/stop-deletion/<secret>/`: keep an account whose deletion someone asked for. Needs no sign-in."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from privacy.rights.carrying_out.stopping import StopEnded, stop_deletion, stoppable_until
from privacy.subjects.markers import limited_as, open_at_the_gate


@limited_as("receipt")
@open_at_the_gate
@never_cache
@csrf_exempt  # the secret in the URL is the only authorisation: a forged form has nothing to use
def stop_deletion_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Say until when the link stops the deletion; only a POST stops it, because mail scanners open links."""
    try:
        if request.method == "POST":
            stop_deletion(secret)
            return render(request, "privacy/rights/stopped.html")
        until = stoppable_until(secret)
    except StopEnded:
        return render(request, "privacy/rights/stop_ended.html", status=HTTPStatus.GONE)
    return render(request, "privacy/rights/stop.html", {"until": until})
