"""`/settings/profile/`: every field with its reason; corrections and additions."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.profiles.forms import OTHER_JURISDICTION, ProfileForm, count_username_asked
from accounts.profiles.models import Correction
from accounts.profiles.queries import corrections_of, profile_of, profile_values
from accounts.profiles.services import OtherJurisdiction, correct_profile
from accounts.profiles.time_zones import forget_time_zone
from accounts.users.language_switch import is_switching_language, switches_language
from accounts.users.requests import UserRequest
from accounts.users.services import UsernameTaken
from privacy.inventory.declarations import Label
from privacy.inventory.queries import personal_fields
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.subjects.markers import limited_as, readable_at_the_gate


@readable_at_the_gate
@limited_as("correction", "POST")
@login_required
@never_cache
@switches_language
def profile(request: UserRequest) -> HttpResponse:
    """Show every field of the person's kind with its value, and save corrections."""
    subject = request.data_subject
    held = profile_of(subject.pk)
    if held is None:
        return render(request, "accounts/profiles/none.html")
    initial = profile_values(held) | {"username": request.user.username}
    if is_switching_language(request):
        form = ProfileForm(request.POST, initial=initial, kind=held.kind, user=request.user)
        if not form.has_changed():  # nothing is to be kept, and Back need not ask to send the form again
            return redirect("profile")
        form = ProfileForm(initial=initial, kind=held.kind, user=request.user)
        form.show_typed(request.POST)
    else:
        if request.method == "POST":
            count_username_asked(request.user, request.POST.get("username", ""))
        form = ProfileForm(request.POST or None, initial=initial, kind=held.kind, user=request.user)
        if request.method == "POST" and form.is_valid() and save_corrections(request, form):
            return redirect("profile")
    context = {
        "form": form,
        "profile": held,
        "jurisdiction": get_jurisdiction(subject.jurisdiction),
        "corrections": _named(corrections_of(subject.pk)[:20]),
    }
    return render(request, "accounts/profiles/profile.html", context)


def save_corrections(request: UserRequest, form: ProfileForm) -> bool:
    """Save what a valid form changed, and say so; return False with an error of the form where it is refused."""
    try:
        changed = correct_profile(subject=request.data_subject, values=form.profile_values)
    except OtherJurisdiction:
        form.add_error("country", OTHER_JURISDICTION)
        return False
    except UsernameTaken:
        form.add_error("username", _("This username is taken. Choose another."))
        return False
    forget_time_zone(request)
    count = len(changed)
    said = ngettext("Saved: %(count)d field changed.", "Saved: %(count)d fields changed.", count) % {"count": count}
    messages.success(request, said if changed else _("Nothing was changed."))
    return True


def _named(corrections: Iterable[Correction]) -> list[tuple[Label, Correction]]:
    labels = {field.key: field.label for field in personal_fields()}
    return [(labels.get(correction.field, correction.field), correction) for correction in corrections]
