"""Legal holds in the admin: one member of staff requests, another approves; a release takes two people, too."""

from collections.abc import Callable
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.access.two_people import obstacle_to_confirmation
from privacy.evidence.admin import ExactSearchAdmin, NeedsFilter, StaffNamesAdmin, staff_column
from privacy.holds.forms import HoldForm
from privacy.holds.models import LegalHold
from privacy.holds.queries import asked_holds, ending_holds, holds_to_release
from privacy.holds.services import (
    HoldRefused,
    approve_hold,
    ask_for_hold,
    ask_for_release,
    keep_hold,
    refuse_hold,
    release_hold,
)
from privacy.inventory.retention_classes import labels_of

APPROVE, RELEASE = "privacy.approve_legalhold", "privacy.release_legalhold"
ACTS: dict[str, tuple[str, Callable[..., LegalHold]]] = {
    "approve": (APPROVE, approve_hold),
    "refuse": (APPROVE, refuse_hold),
    "ask-release": (RELEASE, ask_for_release),
    "release": (RELEASE, release_hold),
    "keep": (RELEASE, keep_hold),
}
SAID = {
    "ask-release": gettext_lazy(
        "Release requested. A second person must release it here. Until then, the hold stays in force."
    )
}


class HoldsFilter(NeedsFilter):
    """Filters by what waits for a second person, or ends soon, as the first page counts it."""

    queries: ClassVar = {
        "approval": (gettext_lazy("waiting for a second person"), asked_holds),
        "release": (gettext_lazy("release requested"), holds_to_release),
        "ending": (gettext_lazy("ending soon"), ending_holds),
    }


@admin.register(LegalHold)
class LegalHoldAdmin(StaffNamesAdmin, ExactSearchAdmin):
    """Shows holds; every change goes through the services."""

    list_display = ("exception", "subject", "state", "until", "legal_basis", "asked", "decided")
    list_filter = (HoldsFilter, "state", "exception")
    search_fields = ("=subject__id", "=id")
    search_help_text = "UUID"
    ordering = ("until",)
    change_form_template = "admin/privacy/legalhold/change_form.html"
    fields = (
        ("exception", "legal_basis", "subject"),
        ("named_classes", "until", "state"),
        ("asked", "asked_at"),
        ("decided", "decided_at"),
        ("release_asked", "release_asked_at"),
        ("released", "released_at"),
    )
    staff_columns = ("asked_by", "decided_by", "release_asked_by", "released_by")
    asked = staff_column("asked_by", gettext_lazy("requested by"))
    decided = staff_column("decided_by", gettext_lazy("decided by"))
    release_asked = staff_column("release_asked_by", gettext_lazy("release requested by"))
    released = staff_column("released_by", gettext_lazy("released by"))
    readonly_fields = ("named_classes", "asked", "decided", "release_asked", "released")

    @admin.display(description=gettext_lazy("what is kept"))
    def named_classes(self, hold: LegalHold) -> str:
        """The classes that it keeps, in words."""
        return labels_of(hold.classes)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Holds are decided and released, never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        """Add the acts of the second person."""
        view = self.admin_site.admin_view(self.act_view)
        acts = [path(f"<uuid:pk>/{act}/", view, {"act": act}, name=f"privacy_legalhold_{act}") for act in ACTS]
        return [*acts, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HoldForm(request.POST or None, initial={"subject": request.GET.get("subject")})
        if form.is_valid():
            hold = ask_for_hold(**form.cleaned_data, by=_number_of(request))
            self.log_addition(request, hold, "asked for")
            messages.success(
                request, _("Requested. A second person must approve it here. Until then, nothing is kept.")
            )
            if why := obstacle_to_confirmation(_number_of(request)):
                messages.warning(request, why)
            return redirect(_page(hold.pk))
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Request a legal hold")}
        return TemplateResponse(request, "admin/privacy/legalhold/add_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a hold, with what this member of staff may do about it."""
        hold = self.get_object(request, object_id)
        may = _may(request, hold) if hold else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may})

    def act_view(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        """Approve or refuse a hold; request its release, release or keep it."""
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
            messages.success(request, SAID.get(act, _("Done.")))
            if act in SAID and (why := obstacle_to_confirmation(_number_of(request))):
                messages.warning(request, why)
        return redirect(_page(pk))


def _may(request: HttpRequest, hold: LegalHold) -> dict[str, Any]:
    """Return what this member of staff may do with a hold now."""
    number = _number_of(request)
    decides = hold.state == LegalHold.State.ASKED and request.user.has_perm(APPROVE)
    releases = hold.state == LegalHold.State.APPROVED and request.user.has_perm(RELEASE)
    is_release_asked = hold.release_asked_at is not None
    by_me = (hold.release_asked_by if is_release_asked else hold.asked_by) == number
    return {
        "may_decide": decides and not by_me,
        "needs_another": (decides or (releases and is_release_asked)) and by_me,
        "may_ask_release": releases and not is_release_asked,
        "may_release": releases and is_release_asked and not by_me,
        "may_keep": releases and is_release_asked,
    }


def _number_of(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


def _page(pk: UUID) -> str:
    return reverse("admin:privacy_legalhold_change", args=[pk])
