"""Legal holds in the admin: one member of staff asks, another approves; either releases."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.access.two_people import why_nobody_can_confirm
from privacy.evidence.admin import FoundExactly
from privacy.holds.forms import HoldForm
from privacy.holds.models import LegalHold
from privacy.holds.services import HoldRefused, approve_hold, ask_for_hold, refuse_hold, release_hold
from privacy.register.retention_classes import labels_of

APPROVE, RELEASE = "privacy.approve_legalhold", "privacy.release_legalhold"
ACTS: dict[str, tuple[str, Callable[..., LegalHold]]] = {
    "approve": (APPROVE, approve_hold),
    "refuse": (APPROVE, refuse_hold),
    "release": (RELEASE, release_hold),
}


@admin.register(LegalHold)
class LegalHoldAdmin(FoundExactly):
    """Shows holds; every change goes through the services."""

    list_display = ("exception", "subject", "state", "until", "legal_basis")
    list_filter = ("state", "exception")
    search_fields = ("=subject__id", "=id")
    search_help_text = "UUID"
    ordering = ("until",)
    change_form_template = "admin/privacy/legalhold/change_form.html"
    fields = (
        ("exception", "legal_basis", "subject"),
        ("named_classes", "until", "state"),
        ("asked_by", "asked_at"),
        ("decided_by", "decided_at"),
        ("released_by", "released_at"),
    )
    readonly_fields = ("named_classes",)

    @admin.display(description=gettext_lazy("what is kept"))
    def named_classes(self, hold: LegalHold) -> str:
        """Which classes it keeps, in words."""
        return labels_of(hold.classes)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Holds are decided and released, never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Holds are evidence."""
        return False

    def get_urls(self) -> list[Any]:
        """Add the acts of the second person."""
        view = self.admin_site.admin_view(self.act_view)
        acts = [path(f"<uuid:pk>/{act}/", view, {"act": act}, name=f"privacy_legalhold_{act}") for act in ACTS]
        return [*acts, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for a hold."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HoldForm(request.POST or None, initial={"subject": request.GET.get("subject")})
        if form.is_valid():
            hold = ask_for_hold(**form.cleaned_data, by=_number_of(request))
            self.log_addition(request, hold, "asked for")
            messages.success(request, _("Asked for. A second person approves it here; until then nothing is kept."))
            if why := why_nobody_can_confirm(_number_of(request)):
                messages.warning(request, why)
            return redirect(_page(hold.pk))
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Ask for a legal hold")}
        return TemplateResponse(request, "admin/privacy/legalhold/add_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a hold, with what this member of staff may do about it."""
        hold = self.get_object(request, object_id)
        may_decide = hold and hold.state == LegalHold.State.ASKED and request.user.has_perm(APPROVE)
        asked_by_me = hold and hold.asked_by == request.user.pk
        may = {
            "may_decide": may_decide and not asked_by_me,
            "needs_another": may_decide and asked_by_me,
            "may_release": hold and hold.state == LegalHold.State.APPROVED and request.user.has_perm(RELEASE),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may})

    def act_view(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        """Approve, refuse or release."""
        permission, service = ACTS[act]
        if request.method != "POST" or not request.user.has_perm(permission):
            raise PermissionDenied
        hold = get_object_or_404(LegalHold, pk=pk)
        try:
            service(hold=hold, by=_number_of(request))
        except HoldRefused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, hold, act)
            messages.success(request, _("Done."))
        return redirect(_page(pk))


def _number_of(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


def _page(pk: UUID) -> str:
    return reverse("admin:privacy_legalhold_change", args=[pk])
