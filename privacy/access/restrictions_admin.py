"""Restrictions of processing in the admin: to read, and to lift at the person's request."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from privacy.access.models import AccessRecord
from privacy.access.queries import role_of
from privacy.access.services import record_access
from privacy.evidence.admin import ExactSearchAdmin, ReadOnlyAdmin
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import LIFT_RESTRICTION
from privacy.restriction.services import lift_restriction


@admin.register(ProcessingRestriction)
class ProcessingRestrictionAdmin(ExactSearchAdmin, ReadOnlyAdmin):
    """Lists who is restricted, since when and why. Only what a person asked for is lifted here."""

    list_display = ("subject", "why", "since", "lifted_at", "lifted_by")
    list_filter = ("why", ("lifted_at", admin.EmptyFieldListFilter), "since")
    search_fields = ("=subject__id",)
    search_help_text = "UUID"
    ordering = ("-since",)
    fields = ("subject", "why", "since", "lifted_at", "lifted_by")
    change_form_template = "admin/privacy/processingrestriction/change_form.html"

    def get_urls(self) -> list[Any]:
        """Add the act."""
        act = self.admin_site.admin_view(require_POST(self.lift_view))
        return [path("<uuid:pk>/lift/", act, name="privacy_processingrestriction_lift"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one restriction, with the button to those who may lift it."""
        found = self.get_object(request, object_id)
        may_lift = found is not None and _may_be_lifted(found) and request.user.has_perm(LIFT_RESTRICTION)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_lift": may_lift})

    def lift_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Lift it, and record that for the person."""
        found = get_object_or_404(ProcessingRestriction.objects.select_related("subject"), pk=pk)
        if not request.user.has_perm(LIFT_RESTRICTION) or found.why != ProcessingRestriction.Why.REQUEST:
            raise PermissionDenied
        act, reason = AccessRecord.Act.LIFTED, AccessRecord.Reason.REQUEST
        with transaction.atomic():
            by = ProcessingRestriction.By.STAFF
            if lift_restriction(subject=found.subject, why=found.why, by=by):
                staff, role = cast("UUID", request.user.pk), role_of(request.user)
                record_access(subject=found.subject, staff=staff, role=role, act=act, reason=reason)
                self.log_change(request, found, gettext_noop("Lifted the restriction"))
                messages.success(request, _("The restriction is lifted."))
            else:
                messages.error(request, _("The restriction was lifted already."))
        return redirect("admin:privacy_processingrestriction_change", pk)


def _may_be_lifted(restriction: ProcessingRestriction) -> bool:
    return restriction.lifted_at is None and restriction.why == ProcessingRestriction.Why.REQUEST
