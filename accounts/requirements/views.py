"""`/settings/services/`: the services that a person can have, and what each needs besides what they gave."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.profiles.views import save_corrections
from accounts.requirements.forms import NeededForm
from accounts.requirements.queries import held_by, held_in, missing_for, page_of_service, services_of
from accounts.second_factors.next_page import next_page
from accounts.users.language_switch import is_switching_language, switches_language
from accounts.users.requests import UserRequest
from privacy.inventory.offered_services import Missing, Service
from privacy.subjects.markers import limited_as, readable_at_the_gate


@readable_at_the_gate
@login_required
@never_cache
@require_safe
def services(request: UserRequest) -> HttpResponse:
    """List the services that the person can have, each with what is missing."""
    held = held_in(request)
    if held.profile is None:
        raise Http404
    shown = [(service, missing_for(service, held)) for service in services_of(held)]
    return render(request, "accounts/requirements/services.html", {"services": shown})


@readable_at_the_gate
@limited_as("correction", "POST")
@login_required
@never_cache
@switches_language
def service(request: UserRequest, key: str) -> HttpResponse:
    """Say what a service needs besides what the person gave and why; save what they give now, and lead on to `next`."""
    held, then = held_in(request), next_page(request)
    found = next((each for each in services_of(held) if each.key == key), None)
    if found is None:
        raise Http404
    missing = missing_for(found, held)
    form = _form(request, missing)
    if request.method == "POST" and not is_switching_language(request):
        if form is None:
            return _lead_on(request, found, then)
        if form.is_valid() and save_corrections(request, form):
            return _lead_on(request, found, then)
    context = {
        "service": found,
        "missing": missing,
        "elsewhere": [(each, _url_to_give(each, found, then)) for each in missing if each.page],
        "form": form,
        "next": then,
        "switch_url": reverse("purpose_switch", args=[found.purpose]) if found.purpose else "",
    }
    return render(request, "accounts/requirements/service.html", context)


def _url_to_give(missing: Missing, service: Service, then: str) -> str:
    return f"{missing.page}?{urlencode({'next': page_of_service(service.key, then)})}"


def _form(request: UserRequest, missing: list[Missing]) -> NeededForm | None:
    """Return the form of the missing fields of the profile, or None if there are none."""
    profile, keys = held_in(request).profile, [each.key for each in missing if not each.page]
    if profile is None or not keys:
        return None
    is_typed = request.method == "POST" and not is_switching_language(request)
    form = NeededForm(request.POST if is_typed else None, profile=profile, user=request.user, keys=keys)
    if is_switching_language(request):
        form.show_typed(request.POST.dict())
    return form


def _lead_on(request: UserRequest, service: Service, then: str) -> HttpResponse:
    """Return to where the person came from, or to the page of the service while more is missing."""
    is_complete = not missing_for(service, held_by(request.data_subject.pk))
    return redirect(then if then and is_complete else page_of_service(service.key, then))
