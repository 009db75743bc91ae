"""List devices, end sessions and forget devices; list security events."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.security_events.devices import device_words
from accounts.security_events.services import events_of
from accounts.sessions.device_list import devices_of
from accounts.sessions.known_devices import forget_device, known_devices_of, rename_device
from accounts.sessions.open_sessions import end_all_sessions, end_other_sessions, end_session
from accounts.sessions.renaming import ask_for_name
from accounts.users.requests import UserRequest
from privacy.inventory.retention_classes import RetentionClass, words_of
from privacy.subjects.markers import fresh_sign_in_required, open_at_the_gate

EVENTS_PER_PAGE = 50


@open_at_the_gate
@login_required
@never_cache
def devices(request: UserRequest) -> HttpResponse:
    """List the devices where the person is signed in, and those where they were before."""
    signed_in, earlier = devices_of(request)
    return render(request, "accounts/sessions/devices.html", {"signed_in": signed_in, "earlier": earlier})


@open_at_the_gate
@fresh_sign_in_required
@require_POST
@login_required
@never_cache
def end_sessions(request: UserRequest) -> HttpResponse:
    """End one session, the others, or all; without a choice nothing changes."""
    which = request.POST.get("which", "")
    if which == "all":
        end_all_sessions(request)
        messages.success(request, _("You are signed out on all devices."))
        return redirect("front")
    if which == "others":
        end_other_sessions(request)
        messages.success(request, _("You have been signed out on your other devices."))
    elif end_session(request, which):
        messages.success(request, _("The device is signed out."))
    return redirect("devices")


@open_at_the_gate
@login_required
@never_cache
def rename_known_device(request: UserRequest, number: UUID) -> HttpResponse:
    """Ask for a new name of a known device, and store it."""
    known = get_object_or_404(known_devices_of(request.user.subject_id), pk=number)
    return ask_for_name(
        request,
        title=_("Rename a device"),
        current=known.name or device_words(known.device),
        typed=known.name or "",
        save=lambda name: rename_device(known, name),
        back="devices",
    )


@open_at_the_gate
@fresh_sign_in_required
@require_POST
@login_required
@never_cache
def forget_known_device(request: UserRequest, number: UUID) -> HttpResponse:
    """Forget one known device: its next sign-in counts as one on a new device."""
    if forget_device(request.user.subject_id, number):
        messages.success(request, _("Device removed."))
    return redirect("devices")


@open_at_the_gate
@login_required
@never_cache
def events(request: UserRequest) -> HttpResponse:
    """List security events, newest first."""
    kept_for = words_of(RetentionClass.SECURITY)
    page = Paginator(events_of(request.user.subject_id), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/sessions/events.html", {"events": page, "kept_for": kept_for})
