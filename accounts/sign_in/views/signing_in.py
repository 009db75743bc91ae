"""Sign in, sign out, and a fresh sign-in."""

import json
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import FreshPasskeyForm, FreshSecondFactorForm
from accounts.second_factors.services import second_factors_of
from accounts.sign_in.forms import PasswordForm, SignInForm
from accounts.sign_in.freshness import record_fresh_sign_in, resume
from accounts.sign_in.stages import new_login
from accounts.sign_in.state import sign_in_by_password
from accounts.users.requests import UserRequest
from privacy.subjects.markers import open_at_the_gate, open_with_temporary_password

_PROOFS: dict[str, Any] = {"password": PasswordForm, "code": FreshSecondFactorForm, "credential": FreshPasskeyForm}


@open_at_the_gate
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a username, phone number or e-mail address, and the password."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "home")
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user:
        login = new_login(form.user, redirect_url=get_next_redirect_url(request))
        return sign_in_by_password(request, login)
    return render(request, "accounts/sign_in/sign_in.html", {"form": form, "next": get_next_redirect_url(request)})


@open_with_temporary_password
@open_at_the_gate
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("front")


@open_at_the_gate
@open_with_temporary_password  # the page that changes it asks for a second factor, where there is one
@never_cache
@login_required
@sensitive_post_parameters("password", "code", "credential")
def sign_in_again(request: UserRequest) -> HttpResponse:
    """Ask for a fresh sign-in: a code or a passkey where the person has a second factor, else the password."""
    user = request.user
    factors = second_factors_of(user)
    proof = "credential" if "credential" in request.POST else "code" if factors else "password"
    form = _PROOFS[proof](request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        if proof == "password":
            record_fresh_sign_in(request)
        else:
            form.save()
        return resume(request) or redirect("home")
    context = {
        "form": (FreshSecondFactorForm if factors else PasswordForm)(user=user) if proof == "credential" else form,
        "factors": factors,
        "passkey_failed": proof == "credential",
        "options": json.dumps(begin_ceremony(request, Ceremony.AGAIN, user)) if factors.passkeys else "",
        "next": get_next_redirect_url(request),
    }
    return render(request, "accounts/sign_in/sign_in_again.html", context)
