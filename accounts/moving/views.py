"""`/settings/move/`: what changes with the country, side by side; then the move."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.moving.comparison import Side, comparison
from accounts.moving.forms import DestinationForm, MoveForm
from accounts.moving.leaving import may_leave
from accounts.moving.movers import profile_or_404
from accounts.moving.refusals import CannotMove, Why
from accounts.moving.services import Agreed, asks_age, move_account, refuse_leaving, refuse_move
from accounts.profiles.models import Profile
from accounts.profiles.services import correct_profile
from accounts.profiles.time_zones import forget_time_zone
from accounts.users.requests import UserRequest
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import PolicyNotInForce
from privacy.inventory.periods import period_in_words
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country
from privacy.policies.queries import version_to_show
from privacy.policies.summary import summary_of
from privacy.subjects.markers import fresh_sign_in_required, limited_as


@limited_as("correction", "POST")
@login_required
@never_cache
def move(request: UserRequest) -> HttpResponse:
    """Ask for the country; show what changes with it."""
    profile = profile_or_404(request)
    country = request.GET.get("country", "")
    if not is_country(country) or country == profile.country:
        form = DestinationForm(request.GET if "country" in request.GET else None, present=str(profile.country))
        return render(request, "accounts/moving/country.html", {"form": form})
    if jurisdiction_of_country(country).code == request.data_subject.jurisdiction:
        return _within(request, country)
    return render(request, "accounts/moving/across.html", _context(request, profile, country))


@limited_as("correction", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def move_on(request: UserRequest) -> HttpResponse:
    """Move to a country of another jurisdiction: sign the person out everywhere, and show the receipt."""
    profile = profile_or_404(request)
    country = request.POST.get("country") or request.GET.get("country", "")
    if not is_country(country) or jurisdiction_of_country(country).code == request.data_subject.jurisdiction:
        return redirect("move")
    context = _context(request, profile, country)
    if "refused" in context or context["may_leave"]:
        return render(request, "accounts/moving/across.html", context)
    version = version_to_show(context["jurisdiction"].code, get_language() or "en")
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, version=version, asks_age=asks_age(str(profile.country), country))
    if form.is_bound and form.is_valid():
        if form.is_too_young:
            context["refused"] = CannotMove(Why.TOO_YOUNG)
            return render(request, "accounts/moving/across.html", context)
        if done := _move(request, form, country):
            return done
        context["policy_changed"] = True
    summary = summary_of(profile.kind, context["jurisdiction"], version, country)
    context |= {"form": form, "version": version, "summary": summary}
    return render(request, "accounts/moving/agree.html", context)


def _within(request: UserRequest, country: str) -> HttpResponse:
    """Offer to change the country at once: nothing else changes but authority and age."""
    if request.method == "POST":
        correct_profile(subject=request.data_subject, values={"country": country})
        forget_time_zone(request)
        messages.success(request, _("Your country is changed. The same company, law and policy apply."))
        return redirect("profile")
    purposes = tuple(purposes_in_force(request.data_subject.pk))
    profile = profile_or_404(request)
    facts = comparison(Side(str(profile.country), purposes), Side(country, purposes))
    return render(request, "accounts/moving/within.html", {"country": country, "facts": facts})


def _context(request: UserRequest, profile: Profile, country: str) -> dict[str, Any]:
    """Return what the pages of a move to another jurisdiction show; `refused` where the person cannot move now."""
    target, leaves = jurisdiction_of_country(country), may_leave(request.data_subject, country)
    purposes = tuple(purposes_in_force(request.data_subject.pk))
    context = {
        "country": country,
        "jurisdiction": target,
        "facts": comparison(Side(str(profile.country), purposes), Side(country)),
        "erase_within": period_in_words(settings.ERASE_WITHIN),
    }
    try:
        (refuse_leaving if leaves else refuse_move)(request.data_subject, target)
        context["may_leave"] = leaves
    except CannotMove as refused:
        context["refused"] = refused
    return context


def _move(request: UserRequest, form: MoveForm, country: str) -> HttpResponse | None:
    """Move; return None where another version of the policy came into force meanwhile."""
    agreed = Agreed(form.cleaned_data["policy"], form.cleaned_data["language"])
    try:
        case = move_account(
            subject=request.data_subject, country=country, agreed=agreed, channel=ConsentRecord.Channel.WEB
        )
    except PolicyNotInForce:
        return None
    except CannotMove:  # another request moved the account, or closed it, meanwhile
        return redirect("move")
    logout(request)
    return redirect("erasure_receipt", reference=case.reference)
