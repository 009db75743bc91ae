"""Sign in with a passkey; add and remove passkeys. All of it needs a browser with JavaScript and WebAuthn."""

import json

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.sign_in.ceremonies import Ceremony, begin_ceremony
from accounts.sign_in.limits import consume
from accounts.sign_in.networks import network_of
from accounts.sign_in.second_factor_forms import AddPasskeyForm, SignInPasskeyForm
from accounts.sign_in.second_factors import (
    name_of,
    passkeys_of,
    remove_factor,
    show_recovery_codes,
    store_passkey,
)
from accounts.sign_in.stages import new_login
from accounts.users.requests import UserRequest
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate


@open_at_the_gate
@never_cache
@sensitive_post_parameters("credential")
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """Give the browser a challenge (GET, JSON), or sign in by its answer (POST). Raises `RateLimited`."""
    consume("passkey", network=network_of(request))
    if request.method != "POST":
        return JsonResponse(begin_ceremony(request, Ceremony.SIGN_IN))
    form = SignInPasskeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This passkey does not work here. Sign in with your password."))
        return redirect("sign_in")
    passkey = form.cleaned_data["credential"]
    login = new_login(passkey.user, redirect_url=get_next_redirect_url(request))
    return perform_passwordless_login(request, passkey, login)


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
@sensitive_post_parameters("credential")
def add_passkey(request: UserRequest) -> HttpResponse:
    """Let the browser make a passkey, and keep its public key under a name of ours."""
    form = AddPasskeyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with_codes = store_passkey(request, form)
        messages.success(request, _("Passkey added. You have been signed out on your other devices."))
        if not with_codes:
            return redirect("security")
        show_recovery_codes(request)
        return redirect("mfa_view_recovery_codes")
    if request.method == "POST":
        messages.error(request, _("The passkey could not be added. Try again."))
    options = json.dumps(begin_ceremony(request, Ceremony.ADD, request.user))
    return render(request, "accounts/sign_in/add_passkey.html", {"options": options})


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def remove_passkey(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then remove one passkey of the person."""
    passkey = get_object_or_404(passkeys_of(request.user), pk=pk)
    if request.method == "POST":
        remove_factor(request, passkey)
        messages.success(
            request,
            _(
                "Passkey removed. You have been signed out on your other devices. "
                "Remove the passkey from your device, too."
            ),
        )
        return redirect("security")
    context = {
        "title": _("Remove %(name)s") % {"name": name_of(passkey)},
        "lead": _(
            "You can no longer sign in with it, and you are signed out on your other devices. "
            "If you have no other passkey and no app, your recovery codes are removed, too."
        ),
    }
    return render(request, "accounts/sign_in/confirm_change.html", context)
