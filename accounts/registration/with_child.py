"""A guardian who is signed in as themselves registers their child: they sign out first, and keep what they opened."""

from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.registration.steps import CHILD
from privacy.guardians.opened import agreed_child, open_again
from privacy.inventory.declarations import Kind
from privacy.subjects.markers import open_at_the_gate


def answer_signed_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the page that asks a guardian to sign out first; for everyone else, the way to their home page."""
    number = request.POST.get(CHILD) or request.GET.get(CHILD) or ""
    child = agreed_child(request, number) if number and kind == Kind.INDIVIDUAL else None
    if child is None:
        return redirect("home")
    return render(request, "accounts/registration/sign_out_first.html", {"number": child.number})


@require_POST
@open_at_the_gate
def sign_out_for_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Sign the guardian out, and begin the registration of the child. Raises `Http404` without an agreed child."""
    child = agreed_child(request, str(number))
    if child is None:
        raise Http404
    logout(request)
    open_again(request, number)
    return redirect(f"{reverse('register_individual')}?country={child.country}&{CHILD}={number}")
