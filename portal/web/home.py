"""The front page; for signed-in people, the home page and the list of settings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.profiles.queries import profile_of
from accounts.profiles.verified_enterprise import VERIFIED_ENTERPRISE
from accounts.requirements.queries import has_service, held_in
from accounts.users.requests import UserRequest
from portal.web.account_pages import account_pages
from privacy.consent.queries import announced_version, latest_consent
from privacy.subjects.markers import open_at_the_gate
from privacy.subjects.requests import read_once


@open_at_the_gate
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; redirect signed-in people to the home page."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "portal/web/front.html")


@login_required
@never_cache
def home(request: UserRequest) -> HttpResponse:
    """Show an overview: what needs the person today, then the state and next step of each page."""
    pages = [page for page in account_pages(request) if page.declared.on_home]
    accepted = read_once(request, latest_consent)
    context = {
        "profile": read_once(request, profile_of),
        "is_verified": has_service(VERIFIED_ENTERPRISE, held_in(request)),
        "needed": [page for page in pages if page.state.is_needed],
        "cards": pages,
        "announced": announced_version(accepted),
        "accepted": accepted,
    }
    return render(request, "portal/web/home.html", context)


@open_at_the_gate
@login_required
@never_cache
def settings(request: UserRequest) -> HttpResponse:
    """List the pages of the account, each with one line of state."""
    return render(request, "portal/web/settings.html")
