"""Undo a change by the link in a notice ("this was not me"); say why an account cannot be signed in to."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.sign_in.stages import refused_stage
from accounts.sign_in.undo_change import UndoEnded, changes_of_link, undo_and_sign_out
from privacy.subjects.markers import open_at_the_gate, open_with_temporary_password


@open_with_temporary_password
@open_at_the_gate
@never_cache
@csrf_exempt  # the secret in the URL is the only authorisation: a forged form has nothing to use
def undo_change(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the changes that a link undoes; only a POST undoes them, because mail scanners open links."""
    try:
        if request.method == "POST":
            return _undone(request, secret)
        changes, all_changes = changes_of_link(secret), changes_of_link(secret, and_earlier=True)
    except UndoEnded:
        return render(request, "accounts/sign_in/undo_ended.html", status=HTTPStatus.GONE)
    earlier = [change for change in all_changes if change not in changes and change.adds_access]
    return render(request, "accounts/sign_in/undo_change.html", {"changes": changes, "earlier": earlier})


@open_at_the_gate
@never_cache
def sign_in_refused(request: HttpRequest) -> HttpResponse:
    """Say why this account cannot be signed in to now, and what to do."""
    stage = refused_stage(request)
    if stage is None:
        return redirect("sign_in")
    return render(request, "accounts/sign_in/refused.html", {"refusal": stage.login.user.refusal})


def _undone(request: HttpRequest, secret: str) -> HttpResponse:
    undo_and_sign_out(request, secret, and_earlier="and_earlier" in request.POST)
    messages.success(request, _("Undone. Your account is locked. Get a code to set a new password."))
    return redirect("recover")
