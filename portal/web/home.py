"""The front page, and the home page of signed-in people."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.profiles.queries import missing_fields, profile_of
from accounts.sign_in.changes import contact_rows
from accounts.users.requests import UserRequest
from privacy.consent.queries import announced_version, latest_consent
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; redirect signed-in people to the home page."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "portal/web/front.html")


@login_required
@never_cache
def home(request: UserRequest) -> HttpResponse:
    """Show missing data, consents and due steps."""
    profile = profile_of(request.user.subject_id)
    latest = latest_consent(request.user.subject_id)
    context = {
        "profile": profile,
        "missing": missing_fields(profile) if profile else [],
        "unverified": [row for row in contact_rows(request.user.subject_id) if row.waiting],
        "username_is_free": request.user.username_index is not None,
        "announced": announced_version(request.user.subject_id),
        "accepted": latest,
    }
    return render(request, "portal/web/home.html", context)
