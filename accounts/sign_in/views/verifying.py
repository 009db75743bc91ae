"""Verify a contact point before first use, and undo a cancellation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.sign_in.codes import CodeExpired, WrongCode, use_code
from accounts.sign_in.contact_points import ContactTaken, mark_verified, masked
from accounts.sign_in.forms import CodeForm
from accounts.sign_in.models import Code
from accounts.sign_in.stages import VerifyContactStage, undo_stage, waiting_stage
from accounts.users.services import claim_username
from privacy.erasure.queries import open_case
from privacy.erasure.services import undo_cancellation as undo


@never_cache
def verify_contact(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent to the contact point of a new account."""
    stage = waiting_stage(request)
    if stage is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _verified(stage, form):
        return stage.exit()
    context = {"form": form, "contact": stage.contact, "masked": masked(stage.contact), "others": _others(stage)}
    return render(request, "accounts/sign_in/verify_contact.html", context)


@require_POST
@never_cache
def send_code_again(request: HttpRequest) -> HttpResponse:
    """Send a fresh code, to the same contact point or to the other one that would do."""
    stage = waiting_stage(request)
    if stage is None:
        return redirect("sign_in")
    if "contact" in request.POST:
        stage.choose(request.POST["contact"])
    stage.send()
    messages.info(request, _("A new code is on its way. Earlier ones no longer work."))
    return redirect("verify_contact")


@never_cache
def undo_cancellation(request: HttpRequest) -> HttpResponse:
    """Let a person who cancelled, and just proved who they are, keep the account."""
    stage = undo_stage(request)
    case = open_case(stage.login.user.subject_id) if stage else None
    if stage is None or case is None:
        return redirect("sign_in")
    if request.method == "POST":
        undo(case=case)
        stage.login.user.refresh_from_db()
        messages.success(request, _("Your account stays. Nothing was erased."))
        return stage.exit()
    return render(request, "accounts/sign_in/undo_cancellation.html", {"case": case})


def _verified(stage: VerifyContactStage, form: CodeForm) -> bool:
    try:
        use_code(contact=stage.contact, use=Code.Use.VERIFY, digits=form.cleaned_data["code"])
        mark_verified(stage.contact)
    except (WrongCode, CodeExpired, ContactTaken):
        form.add_error("code", _("This code does not work. Check the newest message, or ask for a new code."))
        return False
    stage.login.user.refresh_from_db()
    claim_username(stage.login.user)
    return True


def _others(stage: VerifyContactStage) -> list[tuple[str, str]]:
    others = (contact for contact in stage.waiting if contact.pk != stage.contact.pk)
    return [(str(contact.pk), masked(contact)) for contact in others]
