"""Resets of a sign-in, on a person's page in the admin: proposed by one member of staff, decided by another."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.contact_points.models import PHONE, ContactPoint
from accounts.contact_points.services import masked
from accounts.staff import roles
from accounts.staff.forms import ResetForm
from accounts.staff.models import SignInReset
from accounts.staff.people import Person
from accounts.staff.sign_in_resets import ResetRefused, confirm_reset, open_resets_of, propose_reset, refuse_reset
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.access.two_people import obstacle_to_confirmation
from privacy.inventory.country_of_person import country_of


def reset_parts(request: Any, person: Person, *, is_open: bool) -> dict[str, Any]:
    """Return the context of resets for a person's page: the form, and open proposals."""
    may_propose = request.user.has_perm(roles.PROPOSE_RESET) and person.user.is_active
    may_decide = request.user.has_perm(roles.CONFIRM_RESET)
    resets = open_resets_of(person.user.subject_id) if may_propose or may_decide else []
    return {
        "reset_form": reset_form(person) if may_propose else None,
        "resets": [(reset, _shown_phone(reset, is_open=is_open)) for reset in resets],
        "may_decide": may_decide,
    }


def reset_form(person: Person, data: Any = None) -> ResetForm:
    """Return the form that proposes a reset; a number is read as one of the person's country."""
    return ResetForm(data, auto_id="reset_%s", region=country_of(person.user.subject_id))


def propose_from_form(request: UserRequest, person: Person, form: ResetForm) -> bool:
    """Propose the reset of a valid form, with a message; return whether it was proposed."""
    given = {name: form.cleaned_data[name] for name in ("act", "proof", "reference", "phone")}
    try:
        propose_reset(staff=request.user, user=person.user, **given)
    except ResetRefused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _("Proposed. A second person must confirm it here. Until then, nothing changes."))
    if why := obstacle_to_confirmation(request.user.pk):
        messages.warning(request, why)
    return True


class ResetDecisionMixin:
    """Views of the admin that confirm or refuse a reset."""

    log_change: Callable[..., Any]

    def confirm_reset_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        said = _("Done. We notified the person at every remaining contact point and signed out all their devices.")
        return self._decide(request, pk, confirm_reset, said)

    def refuse_reset_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Refuse a reset, or withdraw one's own proposal."""
        reset = get_object_or_404(SignInReset, pk=pk)
        if not (request.user.has_perm(roles.CONFIRM_RESET) or reset.proposed_by == request.user.pk):
            raise PermissionDenied
        return self._decide(request, pk, refuse_reset, _("Refused."))

    def _decide(self, request: UserRequest, pk: UUID, decide: Callable[..., None], said: str) -> HttpResponse:
        reset = get_object_or_404(SignInReset, pk=pk)
        user = get_object_or_404(User, subject_id=reset.subject_id)
        try:
            decide(staff=request.user, reset=reset)
        except ResetRefused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, user, decide.__name__)
            messages.success(request, said)
        return redirect("admin:accounts_user_change", user.pk)


def _shown_phone(reset: SignInReset, *, is_open: bool) -> str:
    if not reset.new_phone:
        return ""
    phone = str(reset.new_phone)
    return phone if is_open else masked(ContactPoint(field=PHONE.key, kind=ContactPoint.Kind.PHONE, value=phone))
