"""`/settings/enterprise/`: members and invitations; `/enterprises/join/SECRET/`: join one, or decline."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enterprises import services
from accounts.enterprises.answering import answered
from accounts.enterprises.correcting import correct_enterprise, data_seen, words_seen
from accounts.enterprises.forms import AnswerForm, InvitationForm, OfferForm, RoleForm
from accounts.enterprises.licence import licence_seen
from accounts.enterprises.queries import (
    SEEN_BY_MEMBERS,
    NotOfAnEnterprise,
    Standing,
    has_offer,
    invitation_of,
    membership_of,
    name_of_enterprise,
    open_invitations,
    shown_members,
    standing_of,
)
from accounts.enterprises.refusals import words_of
from accounts.enterprises.roles import Role, is_at_least
from accounts.profiles.forms import OTHER_JURISDICTION, ProfileForm
from accounts.profiles.services import OtherJurisdiction
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.inventory.declarations import Kind
from privacy.subjects.markers import fresh_sign_in_required, limited_as, readable_at_the_gate


@readable_at_the_gate
@login_required
@never_cache
@require_safe
@answered
def enterprise(request: UserRequest) -> HttpResponse:
    """Show the enterprise to its account and to its members."""
    return _page(request, InvitationForm())


@limited_as("invitation", "POST")
@fresh_sign_in_required
@require_POST
@login_required
@answered
def invite_member(request: UserRequest) -> HttpResponse:
    """Invite an address."""
    standing_of(request.data_subject).require(Role.OWNER)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    services.invite(by=request.data_subject, **form.cleaned_data)
    messages.success(request, _("We sent the invitation. Its link works once, for seven days."))
    return redirect("enterprise")


@require_POST
@login_required
@answered
def withdraw_invitation(request: UserRequest, number: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    services.withdraw_invitation(by=request.data_subject, number=number)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("enterprise")


@fresh_sign_in_required
@require_POST
@login_required
@answered
def change_role(request: UserRequest, number: UUID) -> HttpResponse:
    """Change the role of a member."""
    form = RoleForm(request.POST)
    if form.is_valid():
        services.change_role(by=request.data_subject, number=number, role=form.cleaned_data["role"])
        messages.success(request, _("The role is changed."))
    return redirect("enterprise")


@fresh_sign_in_required
@require_POST
@login_required
@answered
def remove_member(request: UserRequest, number: UUID) -> HttpResponse:
    """End the membership of somebody else."""
    services.remove(by=request.data_subject, number=number)
    messages.success(request, _("The member is removed. Their own account stays."))
    return redirect("enterprise")


@fresh_sign_in_required
@require_POST
@login_required
@answered
def offer_ownership(request: UserRequest, number: UUID) -> HttpResponse:
    """Offer the ownership to a member."""
    form = OfferForm(request.POST)
    form.is_valid()
    services.offer_ownership(by=request.data_subject, number=number, **form.cleaned_data)
    messages.success(request, _("We asked the member. They have seven days to agree."))
    return redirect("enterprise")


@fresh_sign_in_required
@require_POST
@login_required
@answered
def answer_offer(request: UserRequest) -> HttpResponse:
    """Become an owner, or not."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        services.answer_offer(subject=request.data_subject, agrees=form.cleaned_data["agrees"])
        messages.success(request, _("Your answer is saved."))
    return redirect("enterprise")


@fresh_sign_in_required
@require_POST
@login_required
@answered
def leave_enterprise(request: UserRequest) -> HttpResponse:
    """End one's own membership."""
    services.leave(subject=request.data_subject)
    messages.success(request, _("You left the enterprise. Your own account stays."))
    return redirect("settings")


@limited_as("correction", "POST")
@login_required
@never_cache
@answered
def correct_data(request: UserRequest) -> HttpResponse:
    """Correct the data of the enterprise, as one of its administrators or owners."""
    standing = standing_of(request.data_subject)
    standing.require(Role.ADMINISTRATOR)
    user = User.objects.get(subject_id=standing.enterprise.pk)
    initial = data_seen(standing.enterprise)
    form = ProfileForm(request.POST or None, initial=initial, kind=Kind.ENTERPRISE, user=user, only=SEEN_BY_MEMBERS)
    if request.method == "POST" and form.is_valid():
        try:
            correct_enterprise(by=request.data_subject, values=form.profile_values)
        except OtherJurisdiction:
            form.add_error("country", OTHER_JURISDICTION)
        else:
            messages.success(request, _("Saved."))
            return redirect("enterprise")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/enterprises/data.html", {"form": form}, status=status)


@readable_at_the_gate
@limited_as("receipt")
@never_cache
def join_enterprise(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation, which opening it does not use; a POST joins, or declines, which needs no account."""
    found = invitation_of(secret)
    if found is None:
        return render(request, "accounts/enterprises/gone.html", status=HTTPStatus.GONE)
    if request.method == "POST":
        try:
            return _answer(request, secret)
        except services.REFUSALS as refused:
            messages.error(request, words_of(refused))
    context = {"invitation": found, "name": name_of_enterprise(found.enterprise_id)}
    return render(request, "accounts/enterprises/join.html", context)


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    if request.POST.get("answer") == "decline":
        services.decline(token=secret)
        return render(request, "accounts/enterprises/declined.html")
    if not request.user.is_authenticated:
        raise PermissionDenied
    services.join(subject=request.data_subject, token=secret)  # type: ignore[attr-defined]
    messages.success(request, _("You are a member of the enterprise now."))
    return redirect("enterprise")


def _page(request: UserRequest, form: InvitationForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    try:
        standing = standing_of(request.data_subject)
    except NotOfAnEnterprise:
        if membership_of(request.data_subject.pk) is None:
            raise
        return render(request, "accounts/enterprises/closed.html")
    return render(request, "accounts/enterprises/enterprise.html", _context(standing, form), status=status)


def _context(standing: Standing, form: InvitationForm) -> dict[str, Any]:
    number, is_owner = standing.enterprise.pk, standing.role == Role.OWNER
    return {
        "form": form,
        "standing": standing,
        "name": name_of_enterprise(number),
        "facts": words_seen(number),
        "licence": licence_seen(standing) if standing.membership else None,
        "is_owner": is_owner,
        "may_correct": is_at_least(standing.role, Role.ADMINISTRATOR),
        "is_asked": standing.membership is not None and has_offer(standing.membership),
        "members": list(shown_members(number)) if is_owner else [],
        "invitations": list(open_invitations(number)) if is_owner else [],
        "roles": RoleForm.base_fields["role"].choices,  # type: ignore[attr-defined]
    }
