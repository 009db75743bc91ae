"""The second step of a sign-in: a code of the app, a recovery code, or a passkey."""

import json
from contextlib import nullcontext

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import SecondFactorForm, SecondPasskeyForm
from accounts.second_factors.services import has_second_factor, second_factors_of
from accounts.sessions.repeated_codes import landed_before, one_code_at_a_time
from accounts.sign_in.stages import leave_stage
from accounts.sign_in.stages import second_step as stage_of
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
@never_cache
@sensitive_post_parameters("code", "credential")
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, and continue the sign-in. Raises `RateLimited`, `BeginAgain`."""
    code = request.POST.get("code", "")
    with one_code_at_a_time(request) if code else nullcontext():
        landed = landed_before(request, use=AuthenticateStage.key, digits=code) if code else None
        return redirect(landed) if landed else _second_step(request, code)


def _second_step(request: HttpRequest, code: str) -> HttpResponse:
    stage = stage_of(request)
    if stage is None or not has_second_factor(stage.login.user):
        return redirect("sign_in")
    user = stage.login.user
    form_class = SecondPasskeyForm if "credential" in request.POST else SecondFactorForm
    form = form_class(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return leave_stage(stage, code=code)
    has_passkey = bool(second_factors_of(user).passkeys)
    context = {
        "form": form if isinstance(form, SecondFactorForm) else SecondFactorForm(user=user),
        "passkey_failed": isinstance(form, SecondPasskeyForm),
        "options": json.dumps(begin_ceremony(request, Ceremony.SECOND_STEP, user)) if has_passkey else "",
    }
    return render(request, "accounts/sign_in/second_step.html", context)
