"""Verify a contact point before first use, and undo a cancellation."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.contact_points.codes import CodeExpired, WrongCode, code_lifetime
from accounts.contact_points.services import ContactTaken, masked
from accounts.sessions.repeated_codes import landed_before, one_code_at_a_time
from accounts.sign_in.changes import ContactForm
from accounts.sign_in.forms import WRONG_CODE, CodeForm
from accounts.sign_in.stages import VerifyContactStage, leave_stage, undo_stage, waiting_stage
from accounts.sign_in.undo_cancellation import case_to_undo, undo_and_sign_in
from accounts.sign_in.verification import change_waiting_contact, verify_by_code
from privacy.erasure.services import TooLateToUndo
from privacy.inventory.periods import period_in_words
from privacy.preferences.time_format import time_format_of_reader

SUSPENDED = gettext_lazy(
    "This account is suspended: its guardians disagree, or you have not agreed for yourself since you reached the age."
)


@csrf_exempt  # a browser that the first request signed in has a new token; a second request changes nothing
@never_cache
def verify_contact(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent to the contact point of a new account. Raises `RateLimited`, `BeginAgain`."""
    return redirect("home") if request.user.is_authenticated else _verify_contact(request)


@csrf_protect
def _verify_contact(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _continue_or_ask(request, form)
    code = form.cleaned_data["code"]
    with one_code_at_a_time(request):
        landed = landed_before(request, use=VerifyContactStage.key, digits=code)
        return redirect(landed) if landed else _continue_or_ask(request, form, code)


def _continue_or_ask(request: HttpRequest, form: CodeForm, code: str = "") -> HttpResponse:
    """Continue the sign-in with a right code, else ask for one."""
    stage = waiting_stage(request)
    if stage is None:
        return redirect("sign_in")
    if stage.is_passed or (code and _verified(stage, form)):
        return leave_stage(stage, code=code)
    context = {
        "form": form,
        "contact": stage.contact,
        "masked": masked(stage.contact),
        "others": _others(stage),
        "code_lifetime": code_lifetime(),
        "unverified_for": period_in_words(settings.UNVERIFIED_FOR),
    }
    return render(request, "accounts/sign_in/verify_contact.html", context)


@require_POST
@never_cache
def send_code_again(request: HttpRequest) -> HttpResponse:
    """Send a new code, to the same contact point or to another one that can be verified.

    Raises `RateLimited`, `BeginAgain`.
    """
    stage = waiting_stage(request)
    if stage is None:
        return redirect("sign_in")
    if stage.is_passed:
        return leave_stage(stage)
    if "contact" in request.POST:
        stage.choose(request.POST["contact"])
    stage.send()
    messages.info(request, _("We sent a new code. Earlier codes no longer work."))
    return redirect("verify_contact")


@never_cache
def change_contact_to_verify(request: HttpRequest) -> HttpResponse:
    """Ask for another phone number or address instead of a mistyped one. Raises `RateLimited`, `BeginAgain`.

    The answer does not show whether another account has it.
    """
    stage = waiting_stage(request)
    if stage is None:
        return redirect("sign_in")
    if stage.is_passed:
        return leave_stage(stage)
    form = ContactForm(request.POST or None, field=stage.contact.field, subject_id=stage.contact.subject_id)
    if request.method == "POST" and form.is_valid():
        change_waiting_contact(stage, form.cleaned_data["value"])
        return redirect("verify_contact")
    context = {"form": form, "declared": form.declared, "masked": masked(stage.contact)}
    return render(request, "accounts/sign_in/change_contact_to_verify.html", context)


@never_cache
def undo_cancellation(request: HttpRequest) -> HttpResponse:
    """Let a cancelled person who has just authenticated keep the account, or say that it is too late."""
    stage = undo_stage(request)
    with time_format_of_reader(stage.login.user.time_format if stage else None):
        return _undo_cancellation(request)


def _undo_cancellation(request: HttpRequest) -> HttpResponse:
    case = case_to_undo(request)
    if case is None:
        if undo_stage(request):
            messages.error(request, SUSPENDED)
        return redirect("sign_in")
    if request.method == "POST":
        try:
            response = undo_and_sign_in(request, case)
        except TooLateToUndo:  # by the database's clock, which decides
            return render(request, "accounts/sign_in/undo_cancellation.html", {"case": case, "may_be_undone": False})
        messages.success(
            request,
            _(
                "We have kept your account and its data. Copies of your data that you requested earlier "
                "were deleted. You can request a new one."
            ),
        )
        return response
    context = {"case": case, "may_be_undone": case.may_be_undone}
    return render(request, "accounts/sign_in/undo_cancellation.html", context)


def _verified(stage: VerifyContactStage, form: CodeForm) -> bool:
    try:
        verify_by_code(stage, form.cleaned_data["code"])
    except (WrongCode, CodeExpired, ContactTaken):
        form.add_error("code", WRONG_CODE)
        return False
    messages.success(stage.request, _("Verified. Your account is ready."))
    return True


def _others(stage: VerifyContactStage) -> list[tuple[str, str]]:
    others = (contact for contact in stage.waiting if contact.pk != stage.contact.pk)
    return [(str(contact.pk), masked(contact)) for contact in others]
