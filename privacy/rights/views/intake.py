"""`/requests/`: four questions, with or without signing in."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.inventory.periods import period_in_words
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.country_names import guessed_country
from privacy.jurisdictions.jurisdictions import NotStoredHere
from privacy.limits.counting import RateLimited
from privacy.notices.addresses import ContactAddress
from privacy.preferences.language_switch import is_switching_language, switches_language
from privacy.rights.asking import Known, file_for, known_of
from privacy.rights.choices import About, Channel, Proof, Right
from privacy.rights.forms.people import TOO_MANY_CODES, RequestForm
from privacy.rights.proof.in_session import filed_before, note_filed, opened_requests
from privacy.subjects.markers import limited_as, open_at_the_gate

SIGNED_OUT = _(
    "We have your request, and close your account now: you are signed out everywhere. "
    "We write to you what happens next, with a reference."
)


@limited_as("request", "POST")
@open_at_the_gate
@never_cache
@switches_language
def new_request(request: HttpRequest) -> HttpResponse:
    """Ask the four questions, and file the request."""
    known = known_of(request)
    if request.method != "POST":
        return _show(request, RequestForm(known=known, initial=_initial(request)))
    if is_switching_language(request):
        return _show(request, RequestForm(known=known, initial=_typed(request)))
    form = RequestForm(request.POST, known=known)
    if not form.is_valid():
        return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if filed := filed_before(request, str(form.cleaned_data["submission"])):
        return redirect("request", filed)
    if _deletes_own(form, known) and not request.POST.get("is_sure"):
        return _ask_once_more(request, form, known)
    return _file(request, form, known)


def _file(request: HttpRequest, form: RequestForm, known: Known) -> HttpResponse:
    cleaned = form.cleaned_data
    country = known.country or cleaned["country"]
    try:
        filed = file_for(
            request,
            known=known,
            items=form.asked,
            reached=ContactAddress(cleaned["channel"], cleaned["contact"]),
            country=country,
            channel=Channel.PAGE,
            about=cleaned["about"],
        )
    except NotStoredHere as elsewhere:
        return _send_elsewhere(request, elsewhere, country)
    except RateLimited:
        form.add_error("contact", TOO_MANY_CODES)
        return _show(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    if _deletes_own(form, known) and filed.request.proof == Proof.SIGN_IN:
        # The cancellation ends every session of the account: this one ends here, with a word.
        logout(request)
        messages.success(request, SIGNED_OUT)
    note_filed(request, filed.request, str(cleaned["submission"]))
    return redirect("request", filed.request.reference)


def _deletes_own(form: RequestForm, known: Known) -> bool:
    """Whether a person who is signed in asks for the deletion of their own data: their account is cancelled for it."""
    cleaned = form.cleaned_data
    return known.subject is not None and Right.DELETION in cleaned["rights"] and cleaned["about"] == About.SELF


def _ask_once_more(request: HttpRequest, form: RequestForm, known: Known) -> HttpResponse:
    """Say what a deletion ends, as the page that cancels an account does; its button sends the same form."""
    context = {
        "carried": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
        "undo_for": period_in_words(settings.COOLING_OFF) if settings.COOLING_OFF else "",
        "erase_within": period_in_words(settings.ERASE_WITHIN),
        "is_guardian": known.subject is not None and guardianships_of_guardian(known.subject).exists(),
    }
    return render(request, "privacy/rights/deletion.html", context)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what is chosen already: the country that the address or the browser names, and rights of the address."""
    named = request.GET.get("country", "")
    return {
        "country": named if is_country(named) else guessed_country(request),
        "rights": [right for right in request.GET.getlist("right") if right in Right.values],
        "submission": uuid4(),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed so far, for the same form in another language."""
    return request.POST.dict() | {"rights": request.POST.getlist("rights")}


def _show(request: HttpRequest, form: RequestForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "opened": opened_requests(request)}
    return render(request, "privacy/rights/intake.html", context, status=status)


def _send_elsewhere(request: HttpRequest, elsewhere: NotStoredHere, country: str) -> HttpResponse:
    """Redirect to the site that stores their jurisdiction's data; nothing is stored here."""
    if elsewhere.url:
        return redirect(f"{elsewhere.url.rstrip('/')}{request.path}?{urlencode({'country': country})}")
    context = {"jurisdiction": elsewhere.jurisdiction}
    return render(request, "privacy/rights/elsewhere.html", context, status=HTTPStatus.MISDIRECTED_REQUEST)
