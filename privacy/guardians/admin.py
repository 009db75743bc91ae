"""Children who wait for a guardian, and the act by which staff confirm a guardian whose document they saw."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from privacy.evidence.admin import ReadOnlyAdmin
from privacy.guardians.models.pending import PendingChild, Proof
from privacy.guardians.own_addresses import ProofRefused
from privacy.guardians.proving import confirm_document, proofs_for
from privacy.guardians.queries import CONFIRM_GUARDIAN
from privacy.guardians.services import AlreadyAnswered, ChildGone


@admin.register(PendingChild)
class PendingChildAdmin(ReadOnlyAdmin):
    """Lists who waits, without a name or an address. A document is looked at elsewhere, and never stored here."""

    list_display = ("id", "country", "state", "asked_at", "agreed_at", "expires_at", "reminders")
    list_filter = ("state", "country")
    ordering = ("expires_at",)
    fields = ("id", "country", "jurisdiction", "state", "asked_at", "agreed_at", "expires_at", "reminders", "proof")
    change_form_template = "admin/privacy/pendingchild/change_form.html"

    def get_urls(self) -> list[Any]:
        """Add the act."""
        act = self.admin_site.admin_view(require_POST(self.confirm_view))
        return [path("<uuid:pk>/confirm/", act, name="privacy_pendingchild_confirm"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one child, with the act where it is possible."""
        child = self.get_object(request, object_id)
        may_confirm = (
            child is not None
            and child.state == PendingChild.State.PROVING
            and Proof.DOCUMENT in proofs_for(child)
            and request.user.has_perm(CONFIRM_GUARDIAN)
        )
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_confirm": may_confirm})

    def confirm_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Note that a member of staff saw the document, and return to the page."""
        if not request.user.has_perm(CONFIRM_GUARDIAN):
            raise PermissionDenied
        child = get_object_or_404(PendingChild, pk=pk)
        try:
            confirm_document(child=child)
        except (ProofRefused, AlreadyAnswered, ChildGone):
            messages.error(request, _("This is not possible now: the guardian must agree by the link first."))
        else:
            self.log_change(request, child, gettext_noop("Confirmed the guardian by a document"))
            messages.success(request, _("Saved."))
        return redirect("admin:privacy_pendingchild_change", pk)
