"""Staff accounts in the admin, for administrators only: accounts, vouches and open proposals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.staff.models import StaffProposal
from accounts.staff.staff_accounts import (
    StaffChangeRefused,
    confirm_staff_change,
    member_of,
    open_proposals,
    propose_staff_change,
    staff_accounts,
    vouch_for,
    withdraw_staff_change,
)
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.access.two_people import obstacle_to_confirmation
from privacy.evidence.admin import ReadOnlyAdmin


@admin.register(StaffProposal)
class StaffAccountAdmin(ReadOnlyAdmin):
    """One page: every staff account, and the proposals that another administrator confirms."""

    def get_urls(self) -> list[URLPattern]:
        """Return the page and its acts; none of Django's own pages."""
        acts: dict[str, Callable[..., HttpResponse]] = {
            "propose": self.propose_view,
            "vouch": self.vouch_view,
            "confirm": self.confirm_view,
            "withdraw": self.withdraw_view,
        }
        page = path("", self.admin_site.admin_view(self.staff_view), name="accounts_staffproposal_changelist")
        return [
            page,
            *(
                path(
                    f"<uuid:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"accounts_staff_{name}"
                )
                for name, view in acts.items()
            ),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def staff_view(self, request: UserRequest) -> HttpResponse:
        """List the accounts and the open proposals."""
        if not _is_administrator(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Staff accounts"),
            "accounts": staff_accounts(),
            "proposals": open_proposals(),
        }
        response = render(request, "admin/accounts/staffproposal/staff.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def propose_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Ask a second administrator to change an account."""
        act, _colon, role = request.POST.get("act", "").partition(":")
        member = _member_or_404(pk)
        return self._done(
            request,
            lambda: propose_staff_change(member=member, act=act, role=role, by=request.user),
            _("Proposed. A second administrator confirms it here."),
        )

    def vouch_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Record that this administrator knows the owner of an account."""
        member = _member_or_404(pk)
        if "known" not in request.POST:
            messages.error(request, _("Confirm that you know who this is."))
            return redirect("admin:accounts_staffproposal_changelist")
        return self._done(request, lambda: vouch_for(member=member, by=request.user), _("Recorded."), member)

    def confirm_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        proposal = get_object_or_404(StaffProposal, pk=pk)
        return self._done(request, lambda: confirm_staff_change(proposal=proposal, by=request.user), _("Done."))

    def withdraw_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        proposal = get_object_or_404(StaffProposal, pk=pk)
        return self._done(request, lambda: withdraw_staff_change(proposal=proposal, by=request.user), _("Withdrawn."))

    def _done(
        self, request: UserRequest, act: Callable[[], object], said: str, member: User | None = None
    ) -> HttpResponse:
        if not _is_administrator(request):
            raise PermissionDenied
        try:
            done = act()
        except StaffChangeRefused as refused:
            messages.error(request, str(refused))
        else:
            self._log(request, done, member)
            messages.success(request, said)
            waits = isinstance(done, StaffProposal)
            if waits and (why := obstacle_to_confirmation(request.user.pk)):
                messages.warning(request, why)
        return redirect("admin:accounts_staffproposal_changelist")

    def _log(self, request: UserRequest, done: object, member: User | None) -> None:
        match done:
            case StaffProposal():
                self.log_change(request, done.member, f"staff account: {done.act} {done.role}".strip())
            case _ if member is not None:
                self.log_change(request, member, "vouched for")


def _is_administrator(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_active and user.is_superuser)


def _member_or_404(pk: UUID) -> User:
    member = member_of(pk)
    if member is None:
        raise Http404
    return member
