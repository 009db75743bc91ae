"""Recover an account: a code to a verified contact point, then a new password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.contact_points.codes import code_lifetime
from accounts.contact_points.models import Code
from accounts.sign_in.code_proof import check_code, proven_user, request_code, was_code_requested
from accounts.sign_in.forms import WRONG_CODE, CodeForm, NewPasswordForm, RecoverForm
from accounts.sign_in.password_context import password_context
from accounts.sign_in.recovery import recover_account
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """Ask where to send a code; the answer does not show whether an account exists."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_code(request, form.cleaned_data["login"], Code.Use.RECOVER)
        return redirect("recover_code")
    return render(request, "accounts/sign_in/recover.html", {"form": form})


@open_at_the_gate
@never_cache
def recover_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent, if one was."""
    if not was_code_requested(request, Code.Use.RECOVER):
        return redirect("recover")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if check_code(request, form.cleaned_data["code"], Code.Use.RECOVER):
            return redirect("recover_password")
        form.add_error("code", WRONG_CODE)
    return render(request, "accounts/sign_in/recover_code.html", {"form": form, "code_lifetime": code_lifetime()})


@open_at_the_gate
@never_cache
@sensitive_post_parameters("password")
def recover_password(request: HttpRequest) -> HttpResponse:
    """Set a new password after the right code; every session of the account ends."""
    user = proven_user(request, Code.Use.RECOVER)
    if user is None:
        return redirect("recover")
    form = NewPasswordForm(request.POST or None, password_context=password_context(user))
    if request.method == "POST" and form.is_valid():
        recover_account(request=request, user=user, password=form.cleaned_data["password"])
        request.session.flush()
        messages.success(
            request,
            _("Your password has been changed, and you are signed out on all devices. Sign in with the new password."),
        )
        return redirect("sign_in")
    return render(request, "accounts/sign_in/recover_password.html", {"form": form})
