"""Guardianships in the admin: staff settle a disagreement, or report a child found without consent."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from accounts.children.disagreeing import OwnChild, disagreements, settle
from accounts.children.reporting import HasGuardian, report_child
from accounts.staff.people import is_staff_account
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.evidence.admin import ReadOnlyAdmin
from privacy.guardians.accesses import end_accesses
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.queries import DECIDE_FOR_CHILD

KEEP, ERASE = DECISIONS = ("keep", "erase")


@admin.register(Guardianship)
class GuardianshipAdmin(ReadOnlyAdmin):
    """Lists guardianships without a name or an address."""

    list_display = ("subject", "since", "ended_at", "ended_as", "confirmed_at", "suspended_at")
    list_filter = ("ended_as",)
    ordering = ("-since",)
    fields = ("subject", "since", "ended_at", "ended_as", "confirmed_at", "suspended_at")
    change_form_template = "admin/privacy/guardianship/change_form.html"

    def get_urls(self) -> list[Any]:
        """Add the acts."""
        acts = {
            "<uuid:pk>/settle/": (self.settle_view, "privacy_guardianship_settle"),
            "<uuid:pk>/revoke/": (self.revoke_view, "privacy_guardianship_revoke"),
            "found/<uuid:pk>/": (self.found_view, "privacy_guardianship_found"),
        }
        return [
            *(
                path(route, self.admin_site.admin_view(require_POST(view)), name=name)
                for route, (view, name) in acts.items()
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one, with the decision where its guardians disagree."""
        guardianship = self.get_object(request, object_id)
        disagree = guardianship is not None and disagreements().filter(pk=guardianship.pk).exists()
        may_settle = disagree and request.user.has_perm(DECIDE_FOR_CHILD)
        may_revoke = guardianship is not None and not guardianship.ended_at and request.user.has_perm(DECIDE_FOR_CHILD)
        may = {"may_settle": may_settle, "may_revoke": may_revoke}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may})

    def settle_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Decide a disagreement."""
        if not request.user.has_perm(DECIDE_FOR_CHILD):
            raise PermissionDenied
        guardianship = get_object_or_404(Guardianship, pk=pk)
        decision = request.POST.get("decision")
        try:
            if decision not in DECISIONS:
                messages.error(request, _("Choose whether the account is kept or erased."))
            elif settle(guardianship=guardianship, keeps=decision == KEEP, staff=request.user):
                self.log_change(request, guardianship, gettext_noop("Decided between guardians"))
                messages.success(request, _("Saved."))
            else:
                messages.error(request, _("This is decided already."))
        except OwnChild:
            messages.error(request, _("You are a guardian of this child: someone else decides."))
        return redirect("admin:privacy_guardianship_change", pk)

    def revoke_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """End every link and session of a guardian, whose mailbox is in other hands."""
        if not request.user.has_perm(DECIDE_FOR_CHILD):
            raise PermissionDenied
        guardianship = get_object_or_404(Guardianship, pk=pk)
        if guardianship.address_index:
            end_accesses(address_index=guardianship.address_index)
        self.log_change(request, guardianship, gettext_noop("Revoked the links and sessions of a guardian"))
        messages.success(request, _("The link of this guardian and all of their sessions are revoked."))
        return redirect("admin:privacy_guardianship_change", pk)

    def found_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Suspend an account of a child without a guardian at once, and erase it first."""
        if not request.user.has_perm(DECIDE_FOR_CHILD):
            raise PermissionDenied
        user = get_object_or_404(User, subject_id=pk)
        if is_staff_account(user):  # a staff account is on no page of people
            raise Http404
        try:
            report_child(staff=request.user, user=user)
        except HasGuardian:
            messages.error(request, _("A guardian agreed for this child, or the account is being erased already."))
        else:
            messages.success(request, _("The account is suspended, and erased within 24 hours."))
        return redirect("admin:accounts_user_change", user.pk)
