"""Recover an account: a code to a verified contact point, then a new password."""

import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.sign_in.backends import find_contact
from accounts.sign_in.codes import CodeExpired, WrongCode, send_code, use_code
from accounts.sign_in.forms import CodeForm, NewPasswordForm, RecoverForm
from accounts.sign_in.limits import consume
from accounts.sign_in.models import Code, ContactPoint
from accounts.sign_in.networks import network_of
from accounts.sign_in.own_data import own_data
from accounts.sign_in.sessions import change_password
from accounts.users.models import User
from privacy.subjects.markers import open_at_the_gate

CONTACT_KEY, PROVEN_KEY = "recover_contact", "recover_proven"
# Sending a code takes a few milliseconds more than sending none: every answer takes this long instead.
EVEN_ANSWER_SECONDS = 0.3


@open_at_the_gate
@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """Ask where to send a code; the answer is the same whether or not anybody is there."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        started = time.monotonic()
        network = network_of(request)
        contact = find_contact(form.cleaned_data["login"])
        consume("recover", contact=str(contact.pk) if contact else form.cleaned_data["login"], network=network)
        if contact:
            send_code(contact=contact, use=Code.Use.RECOVER, language=get_language() or "en", network=network)
        request.session[CONTACT_KEY] = str(contact.pk) if contact else ""
        request.session.pop(PROVEN_KEY, None)
        time.sleep(max(0.0, EVEN_ANSWER_SECONDS - (time.monotonic() - started)))
        return redirect("recover_code")
    return render(request, "accounts/sign_in/recover.html", {"form": form})


@open_at_the_gate
@never_cache
def recover_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent, if one was."""
    if CONTACT_KEY not in request.session:
        return redirect("recover")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _is_right(request, form.cleaned_data["code"]):
            request.session[PROVEN_KEY] = time.time()
            return redirect("recover_password")
        form.add_error("code", _("This code does not work. Check the newest message, or ask for a new code."))
    return render(request, "accounts/sign_in/recover_code.html", {"form": form})


@open_at_the_gate
@never_cache
@sensitive_post_parameters("password")
def recover_password(request: HttpRequest) -> HttpResponse:
    """Set a new password after the right code; every session of the account ends."""
    user = _proven_user(request)
    if user is None:
        return redirect("recover")
    form = NewPasswordForm(request.POST or None, own_data=own_data(user))
    if request.method == "POST" and form.is_valid():
        change_password(user=user, password=form.cleaned_data["password"])
        request.session.flush()
        messages.success(request, _("Your password is changed and every session has ended. Sign in with the new one."))
        return redirect("sign_in")
    return render(request, "accounts/sign_in/recover_password.html", {"form": form})


def _is_right(request: HttpRequest, digits: str) -> bool:
    contact = _contact(request)
    try:
        if contact:
            use_code(contact=contact, use=Code.Use.RECOVER, digits=digits)
    except (WrongCode, CodeExpired):
        return False
    return contact is not None


def _contact(request: HttpRequest) -> ContactPoint | None:
    contact_id = request.session.get(CONTACT_KEY)
    return ContactPoint.objects.filter(pk=contact_id).first() if contact_id else None


def _proven_user(request: HttpRequest) -> User | None:
    proven_at = request.session.get(PROVEN_KEY, 0)
    contact = _contact(request)
    if contact is None or time.time() - proven_at > 600:  # noqa: PLR2004 - as long as a code lives
        return None
    return User.objects.get(subject_id=contact.subject_id)
