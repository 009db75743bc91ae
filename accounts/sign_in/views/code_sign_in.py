"""Sign in with a code to a verified contact point, instead of the password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.contact_points.codes import code_lifetime
from accounts.contact_points.models import Code
from accounts.second_factors.next_page import next_page, with_next
from accounts.sessions.repeated_codes import landed_before, note_right_code, one_code_at_a_time
from accounts.sign_in.code_proof import request_code, user_of_code, was_code_requested
from accounts.sign_in.forms import WRONG_CODE, CodeForm, RecoverForm
from accounts.sign_in.stages import new_login
from accounts.sign_in.state import sign_in_by_code
from privacy.subjects.markers import open_at_the_gate

USE = Code.Use.SIGN_IN


@open_at_the_gate
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask where to send a code; the answer does not show whether an account exists. Raises `RateLimited`."""
    then = next_page(request)
    if request.user.is_authenticated:
        return redirect(then or "home")
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_code(request, form.cleaned_data["login"], USE)
        return redirect(with_next("enter_sign_in_code", then))
    context = {"form": form, "next": then, "password_url": with_next("sign_in", then)}
    return render(request, "accounts/sign_in/sign_in_code.html", context)


@open_at_the_gate
@never_cache
def enter_sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent, if one was, and sign in by it. Raises `RateLimited`, `BeginAgain`."""
    then = next_page(request)
    if request.user.is_authenticated:
        return redirect(then or "home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if signed_in := _signed_in(request, form.cleaned_data["code"], then):
            return signed_in
        form.add_error("code", WRONG_CODE)
    again_url = with_next("sign_in_code", then)
    if not was_code_requested(request, USE):
        return redirect(again_url)
    context = {"form": form, "code_lifetime": code_lifetime(), "again_url": again_url}
    return render(request, "accounts/sign_in/enter_sign_in_code.html", context)


def _signed_in(request: HttpRequest, digits: str, then: str) -> HttpResponse | None:
    """Return the answer that continues the sign-in, the same for the same code sent twice; None for a wrong code."""
    with one_code_at_a_time(request):
        landed = landed_before(request, use=USE, digits=digits)
        if landed is not None:
            return redirect(landed or "sign_in")
        former, user = request.session.session_key, user_of_code(request, digits)
        if user is None:
            return None
        response = sign_in_by_code(request, new_login(user, redirect_url=then or None))
        note_right_code(request, use=USE, digits=digits, former=former, landed=response.headers.get("Location", ""))
        return response
