"""`/guardians/mine/`: a guardian's children, one by one. Each view takes its child from `guardianship_of` only."""

import json
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.children import services
from accounts.children.coming_of_age import NotAsked, asked_by_link, confirm_for_oneself
from accounts.children.forms import AddressForm, InviteForm
from accounts.children.services import cancel_for_child, delete_for_child, report_for_child, withdraw_for_child
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import contact_points_of
from accounts.profiles.fields import in_words
from accounts.profiles.forms import OTHER_JURISDICTION, USERNAME_TAKEN, ProfileForm
from accounts.profiles.models import Correction
from accounts.profiles.queries import profile_of, profile_values
from accounts.profiles.services import OtherJurisdiction, correct_profile
from accounts.users.models import User
from accounts.users.services import UsernameTaken
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import PolicyNotInForce
from privacy.export.copies import gather
from privacy.guardians.accesses import LinkUsed, ask_for_access
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.opened import close_guardianships, guardianship_of, guardianships_in, open_guardianships
from privacy.guardians.own_addresses import ProofRefused
from privacy.guardians.sensitivity import fields_seen_for
from privacy.inventory.declarations import PersonalField
from privacy.inventory.purposes import optional_purposes
from privacy.inventory.queries import fields_for, personal_fields
from privacy.policies.queries import version_to_show
from privacy.subjects.markers import limited_as, open_at_the_gate

ENDS: dict[str, Callable[..., object]] = {
    "cancel": cancel_for_child,
    "delete": delete_for_child,
    "report": report_for_child,
    "withdraw": withdraw_for_child,
}


@sensitive_post_parameters("address")
@limited_as("recover", "POST")
@open_at_the_gate
@never_cache
def my_children(request: HttpRequest) -> HttpResponse:
    """List the children that are open in this session; without any, send a link to the address of a guardian."""
    form = AddressForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        ask_for_access(address=form.cleaned_data["address"])
        return render(request, "accounts/children/link_sent.html")
    found = list(guardianships_in(request))
    if not found:
        return _ask(request, form)
    children = [(guardianship, _name_of(guardianship)) for guardianship in found]
    return render(request, "accounts/children/mine.html", {"children": children})


@limited_as("receipt")
@open_at_the_gate
@never_cache
def open_my_children(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for a click, because programs that check mail follow links too; a POST opens the session, once."""
    if request.method != "POST":
        return render(request, "accounts/children/open.html")
    try:
        if open_guardianships(request, secret):
            return redirect("my_children")
        used = False
    except LinkUsed:
        used = True
    return _ask(request, AddressForm(), HTTPStatus.GONE, no_link="used" if used else "old")


@require_POST
@open_at_the_gate
@never_cache
def guardian_signs_out(request: HttpRequest) -> HttpResponse:
    """End the session of a guardian, or all of them with every link."""
    close_guardianships(request, everywhere=bool(request.POST.get("everywhere")))
    messages.success(request, _("You are signed out."))
    return redirect("my_children")


@require_safe
@open_at_the_gate
@never_cache
def my_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show what is stored about a child, and what a guardian can do."""
    return _show(request, guardianship_of(request, number))


@open_at_the_gate
@never_cache
def correct_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Correct the profile of a child."""
    guardianship = guardianship_of(request, number)
    if services.is_suspended(guardianship):
        return _show(request, guardianship, HTTPStatus.CONFLICT)
    user, profile = _user_of(guardianship), profile_of(guardianship.subject_id)
    if profile is None:
        return redirect("my_children")
    initial = profile_values(profile) | {"username": user.username}
    form = ProfileForm(request.POST or None, initial=initial, kind=profile.kind, user=user)
    if request.method == "POST" and form.is_valid() and _correct(guardianship, form):
        messages.success(request, _("Saved."))
        return redirect("my_child", number)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(
        request, "accounts/children/correct.html", {"form": form, "guardianship": guardianship}, status=status
    )


@require_safe
@limited_as("receipt")
@open_at_the_gate
@never_cache
def copy_of_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Download a copy of everything that is stored about a child, as the child's own copy has it."""
    document = json.dumps(gather(guardianship_of(request, number).subject), ensure_ascii=False, indent=1)
    answer = HttpResponse(document, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="copy.json"'
    return answer


@require_POST
@open_at_the_gate
@never_cache
def switch_for_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Turn an optional use off or on for a child."""
    guardianship = guardianship_of(request, number)
    key, is_on = request.POST.get("purpose", ""), request.POST.get("on") == "yes"
    if key in {purpose.key for purpose in optional_purposes()}:
        try:
            services.switch_for_child(guardianship=guardianship, key=key, on=is_on, channel=ConsentRecord.Channel.WEB)
        except services.ChildSuspended:
            return _show(request, guardianship, HTTPStatus.CONFLICT)
        except services.NotAgreed:
            messages.error(request, str(services.NOT_AGREED))
    return redirect("my_child", number)


@sensitive_post_parameters("address")
@require_POST
@limited_as("guardian", "POST")
@open_at_the_gate
@never_cache
def invite_for_child(request: HttpRequest, number: UUID) -> HttpResponse:
    """Ask a second guardian, who proves who they are as the first one did, and then has the same rights."""
    guardianship, form = guardianship_of(request, number), InviteForm(request.POST)
    if services.is_suspended(guardianship):
        return _show(request, guardianship, HTTPStatus.CONFLICT)
    if not form.is_valid():
        return _show(request, guardianship, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    try:
        services.invite_for_child(guardianship=guardianship, address=form.cleaned_data["address"])
    except ProofRefused as refused:
        form.add_error("address", str(refused))
        return _show(request, guardianship, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    messages.success(request, _("We asked them. They have seven days."))
    return redirect("my_child", number)


@require_POST
@open_at_the_gate
@never_cache
def end_for_child(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
    """Cancel or delete the account of a child, or withdraw the agreement, after a tick."""
    guardianship = guardianship_of(request, number)
    if not request.POST.get("is_sure"):
        return _show(request, guardianship, HTTPStatus.UNPROCESSABLE_ENTITY, needs_tick=act)
    ENDS[act](guardianship=guardianship)
    return render(request, "accounts/children/ended.html", {"act": act})


@limited_as("receipt")
@open_at_the_gate
@never_cache
def come_of_age(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask a person who reached the age whether they keep the account; a POST with a tick keeps it."""
    try:
        subject = asked_by_link(secret)
    except NotAsked:
        return render(request, "privacy/guardians/gone.html", {"of_age": True}, status=HTTPStatus.GONE)
    changed = False
    if request.method == "POST" and request.POST.get("agreed"):
        shown = {"digest": request.POST.get("policy", ""), "language": request.POST.get("language", "")}
        try:
            confirm_for_oneself(subject=subject, **shown)
        except NotAsked:
            return render(request, "privacy/guardians/gone.html", {"of_age": True}, status=HTTPStatus.GONE)
        except PolicyNotInForce:
            changed = True
        else:
            return render(request, "accounts/children/confirmed.html")
    version = version_to_show(subject.jurisdiction, get_language() or "en")
    status = HTTPStatus.OK if request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "accounts/children/come_of_age.html", {"version": version, "changed": changed}, status=status
    )


def _ask(request: HttpRequest, form: AddressForm, status: int = HTTPStatus.OK, **extra: object) -> HttpResponse:
    # The address of this page may be that of a link: the form goes to the address of the list.
    return render(request, "accounts/children/ask_for_link.html", {"form": form, **extra}, status=status)


def _show(
    request: HttpRequest, guardianship: Guardianship, status: int = HTTPStatus.OK, **extra: object
) -> HttpResponse:
    profile, on = profile_of(guardianship.subject_id), set(purposes_in_force(guardianship.subject_id))
    held = profile_values(profile) if profile else {}
    contacts = contact_points_of(guardianship.subject_id)
    context = {
        "guardianship": guardianship,
        "name": _name_of(guardianship),
        "answers": [
            (field, str(field.label), in_words(field.key, held[field.key]))
            for field in fields_seen_for(guardianship.subject_id, fields_for(profile.kind) if profile else ())
            if held.get(field.key)
        ]
        + [(_declared(contact), contact.get_kind_display(), str(contact.value)) for contact in contacts],
        "form": InviteForm(),
        "is_suspended": services.is_suspended(guardianship),
        "purposes": [(purpose, purpose.key in on) for purpose in optional_purposes()],
        **extra,
    }
    return render(request, "accounts/children/child.html", context, status=status)


def _correct(guardianship: Guardianship, form: ProfileForm) -> bool:
    try:
        correct_profile(subject=guardianship.subject, values=form.profile_values, by=Correction.By.GUARDIAN)
    except OtherJurisdiction:
        form.add_error("country", OTHER_JURISDICTION)
        return False
    except UsernameTaken:
        form.add_error("username", USERNAME_TAKEN)
        return False
    return True


def _declared(contact: ContactPoint) -> PersonalField:
    [declared] = (field for field in personal_fields() if field.key == contact.field)
    return fields_seen_for(contact.subject_id, [declared])[0]


def _user_of(guardianship: Guardianship) -> User:
    return User.objects.get(subject_id=guardianship.subject_id)


def _name_of(guardianship: Guardianship) -> str:
    profile = profile_of(guardianship.subject_id)
    return str(profile.name) if profile else ""
