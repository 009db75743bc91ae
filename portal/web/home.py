"""The front page; for signed-in people, the home page and the list of settings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.profiles.queries import profile_of
from accounts.users.requests import UserRequest
from portal.web.account_pages import account_pages
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
    """Show an overview: what needs the person today, then the state and next step of each page."""
    pages = [page for page in account_pages(request) if page.declared.on_home]
    context = {
        "profile": profile_of(request.user.subject_id),
        "needed": [page for page in pages if page.state.is_needed],
        "cards": pages,
        "announced": announced_version(request.user.subject_id),
        "accepted": latest_consent(request.user.subject_id),
    }
    return render(request, "portal/web/home.html", context)


@open_at_the_gate
@login_required
@never_cache
def settings(request: UserRequest) -> HttpResponse:
    """List the pages of the account, each with one line of state."""
    return render(request, "portal/web/settings.html", {"pages": list(account_pages(request))})
