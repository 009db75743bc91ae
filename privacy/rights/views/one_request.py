"""`/requests/<reference>/`: one request, for who opened its link, and for the signed-in person whose it is."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.time_zones import only_zone_of_country
from privacy.rights.asking import may_sign_in_for
from privacy.rights.carrying_out.copies import copy_of_request
from privacy.rights.choices import Contact, ItemState, Proof
from privacy.rights.forms.people import ProofForm
from privacy.rights.models.documents import RequestDocument
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_proof_code
from privacy.rights.proof.in_session import is_masked, is_own, may_see_answer, note_opened, note_proven, opened_request
from privacy.rights.proof.limits import count_guess, count_new_code
from privacy.rights.proof.pictures import awaits_picture
from privacy.rights.proof.proving import GIVEN, OTHER, WrongCode, check_code
from privacy.rights.queries import extension_in_force, request_with_token
from privacy.rights.services import prove
from privacy.rights.showing import (
    answers_shown,
    has_hidden_parts,
    is_late,
    items_of,
    steps_of_request,
    waits_for_code,
    withdrawable,
)
from privacy.rights.states.moving import MoveRefused
from privacy.rights.states.reopening import NotReopened, reopen_request, reopens_until
from privacy.rights.states.withdrawing import withdraw_items
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate

View = Callable[..., HttpResponse]


@limited_as("receipt")
@open_at_the_gate
@never_cache
def open_request(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Take the secret of the link into the session, and go to the page, whose address holds no secret."""
    found = request_with_token(reference, token)
    if found is None:
        raise Http404
    note_opened(request, found)
    return redirect("request", found.reference)


@open_at_the_gate
@never_cache
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a request that was opened in this session, with its steps."""
    return _show(request, _opened(request, reference))


@limited_as("confirm_code", "POST")
@open_at_the_gate
@never_cache
@require_POST
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Check the code that was typed."""
    found = _opened(request, reference)
    form = ProofForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    count_guess(request, str(found.address))
    try:
        is_proven = check_code(request=found, code=form.cleaned_data["code"])
    except WrongCode as wrong:
        form.add_error("code", str(wrong))
        return _show(request, found, form)
    if is_proven:
        note_proven(request, found)
        messages.success(request, _("Thank you. You confirmed that it is you."))
    return redirect("request", found.reference)


@limited_as("request_code", "POST")
@open_at_the_gate
@never_cache
@require_POST
def new_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a new code to the address that the person gave."""
    found = _opened(request, reference)
    if found.contact != Contact.POST:
        count_new_code(request, str(found.address))
        send_proof_code(found)
        messages.success(request, _("We sent a new code. Earlier codes no longer work."))
    return redirect("request", found.reference)


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
@require_POST
def prove_by_sign_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the fresh sign-in, which this page asks for, as the proof."""
    found = _opened(request, reference)
    if not may_sign_in_for(request, found):
        raise Http404
    prove(request=found, proof=Proof.SIGN_IN, subject=request.data_subject)  # type: ignore[attr-defined]
    note_proven(request, found)
    messages.success(request, _("Thank you. You confirmed that it is you."))
    return redirect("request", found.reference)


@open_at_the_gate
@never_cache
def withdraw(request: HttpRequest, reference: str, right: str = "") -> HttpResponse:
    """Ask whether one item, or all, are to be withdrawn; then withdraw them."""
    found = _opened(request, reference)
    masked = is_masked(request, found, may_see=may_see_answer(request, found))
    items = [item for item in withdrawable(found, is_masked=masked) if right in ("", item.right)]
    if not items:
        return redirect("request", found.reference)
    if request.method != "POST":
        return render(request, "privacy/rights/withdraw.html", {"shown": found, "items": items})
    try:
        withdraw_items(items)
        messages.success(request, _("Withdrawn."))
    except MoveRefused as refused:
        messages.error(request, str(refused))
    return redirect("request", found.reference)


@limited_as("request_code", "POST")
@open_at_the_gate
@never_cache
@require_POST
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a request again that was closed because no one proved it, and send a new code."""
    found = _opened(request, reference)
    if found.contact != Contact.POST and reopens_until(found):
        count_new_code(request, str(found.address))
    try:
        reopen_request(request=found)
        messages.success(request, _("The request is open again. We sent a new code."))
    except NotReopened as refused:
        messages.error(request, str(refused))
    return redirect("request", found.reference)


def _opened(request: HttpRequest, reference: str) -> RightsRequest:
    found = opened_request(request, reference)
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, shown: RightsRequest, form: ProofForm | None = None) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK
    with timezone.override(_zone_for(shown)):
        return render(request, "privacy/rights/request.html", _context(request, shown, form), status=status)


def _zone_for(shown: RightsRequest) -> dt.tzinfo:
    """Return the reader's own time zone; where none is known, that of the country of the request, if it has one."""
    present = timezone.get_current_timezone()
    if timezone.get_current_timezone_name() != settings.TIME_ZONE:
        return present
    return only_zone_of_country(shown.country, shown.due_at) or present


def _context(request: HttpRequest, shown: RightsRequest, form: ProofForm | None) -> dict[str, Any]:
    may_see = may_see_answer(request, shown)
    is_waiting = any(item.state == ItemState.RECEIVED for item in shown.items.all())
    masked = is_masked(request, shown, may_see=may_see)
    is_hidden = masked or (not may_see and has_hidden_parts(shown))
    asks = shown.contact != Contact.POST and (is_waiting or is_hidden)
    return {
        "shown": shown,
        "items": items_of(shown, with_reasons=may_see, is_masked=masked),
        "steps": steps_of_request(shown, is_masked=masked),
        "may_see": may_see,
        "is_masked": masked,
        "closed_at": None if masked else shown.closed_at,
        "copy": copy_of_request(shown) if may_see else None,
        "answers": answers_shown(shown) if may_see else [],
        "is_late": not masked and is_late(shown),
        "regulator": get_country(shown.country).regulator,
        "is_hidden": is_hidden,
        "asks_for_code": asks,
        "code_sent": asks and (waits_for_code(shown, GIVEN) or waits_for_code(shown, OTHER)),
        "second_code": asks and waits_for_code(shown, OTHER) and not waits_for_code(shown, GIVEN),
        "may_sign_in": (is_waiting or is_hidden) and may_sign_in_for(request, shown),
        "is_own": is_own(request, shown),
        "may_withdraw_all": sum(1 for _item in withdrawable(shown, is_masked=masked)) > 1,
        "extension": None if masked else extension_in_force(shown),
        "reopens_until": reopens_until(shown),
        "form": form or ProofForm(),
        "awaits_picture": not masked and awaits_picture(shown),
        "has_picture": not masked and RequestDocument.objects.filter(request=shown).exists(),
    }
