"""Sign in with a passkey; add and remove passkeys. All of it needs a browser with JavaScript and WebAuthn."""

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import SignInPasskeyForm
from accounts.sign_in.stages import new_login
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from privacy.subjects.markers import open_at_the_gate


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
        messages.error(request, _("You can't use this passkey here. Sign in with your password."))
        return redirect("sign_in")
    passkey = form.cleaned_data["credential"]
    login = new_login(passkey.user, redirect_url=get_next_redirect_url(request))
    return perform_passwordless_login(request, passkey, login)
