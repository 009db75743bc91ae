"""Licences in the admin: the queue, and the page on which one reviewer at a time compares and decides."""

from collections.abc import Callable
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.licences.facts import typed_facts, typed_term
from accounts.licences.models import Licence, LicencePage
from accounts.licences.moving import MoveRefused
from accounts.licences.queries import REVIEW_LICENCES, licences_to_review
from accounts.licences.review_forms import APPROVE, REFUSE, RETURN, ReviewForm
from accounts.licences.reviewing import (
    ReviewRefused,
    approve,
    is_open_for,
    is_taken,
    name_of_holder,
    refuse,
    return_licence,
    take,
)
from accounts.licences.showing import picture_response
from accounts.licences.states import LicenceState
from accounts.staff.forms import ReasonForm
from accounts.users.requests import UserRequest
from privacy.evidence.admin import ExactSearchAdmin, NeedsFilter, ReadOnlyAdmin, StaffNamesAdmin, staff_column
from privacy.restriction.queries import ProcessingRestricted

NAME = "accounts_licence"
SAID = {
    APPROVE: gettext_noop("Approved the licence"),
    RETURN: gettext_noop("Returned the licence"),
    REFUSE: gettext_noop("Refused the licence"),
}


class ReviewFilter(NeedsFilter):
    """What waits for a review."""

    queries: ClassVar = {"review": (gettext_lazy("to review"), licences_to_review)}


@admin.register(Licence)
class LicenceAdmin(ExactSearchAdmin, StaffNamesAdmin, ReadOnlyAdmin):
    """Lists licences, those to review first. What a licence shows is on its page, for the reviewer who opened it."""

    list_display = ("number", "state", "handed_in_at", "due_at", "taken", "taken_until", "decided", "decided_at")
    list_filter = (ReviewFilter, "state")
    ordering = ("due_at",)
    search_fields = ("=subject__id",)
    search_help_text = "UUID"
    staff_columns = ("taken_by", "decided_by")
    taken = staff_column("taken_by", gettext_lazy("taken by"))
    decided = staff_column("decided_by", gettext_lazy("decided by"))

    @admin.display(description=gettext_lazy("business licence"))
    def number(self, licence: Licence) -> str:
        """The number of the licence, which says nothing of its person."""
        return str(licence.pk)

    def get_urls(self) -> list[Any]:
        """Add the acts, and the pictures."""
        return [
            self._path("<uuid:pk>/take/", require_POST(self.take_view), "take"),
            self._path("<uuid:pk>/decide/", require_POST(self.decide_view), "decide"),
            self._path("<uuid:pk>/pages/<uuid:page>/", require_safe(self.picture_view), "picture"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a licence to those who may see it; Django answers all others."""
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            return super().change_view(request, object_id, form_url, extra_context)
        return self._show(cast("UserRequest", request), found)

    def take_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Open a licence with a reason, for fifteen minutes."""
        found, form = get_object_or_404(Licence, pk=pk), ReasonForm(request.POST)
        if not form.is_valid():
            return self._show(request, found, reason_form=form)
        try:
            take(licence=found, staff=request.user, **form.cleaned_data)
        except (ReviewRefused, ProcessingRestricted) as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, gettext_noop("Opened the licence"))
        return redirect(f"admin:{NAME}_change", pk)

    def decide_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Approve, return or refuse a licence that is open."""
        found = get_object_or_404(Licence, pk=pk)
        if not is_open_for(found, request.user):
            messages.error(request, _("You do not have this licence any more. Open it again, with a reason."))
            return redirect(f"admin:{NAME}_change", pk)
        form = _review_form(found, request.POST)
        if not form.is_valid():
            return self._show(request, found, review_form=form)
        try:
            _decide(found, request.user, form.cleaned_data)
        except (ReviewRefused, MoveRefused) as refused:
            messages.error(request, str(refused))
            return redirect(f"admin:{NAME}_change", pk)
        self.log_change(request, found, SAID[form.cleaned_data["act"]])
        messages.success(request, _("Done. The person gets a message."))
        return redirect(f"admin:{NAME}_changelist")

    def picture_view(self, request: UserRequest, pk: UUID, page: UUID) -> HttpResponse:
        """Answer with a picture, to the reviewer who opened the licence."""
        found = get_object_or_404(LicencePage, pk=page, licence=pk)
        if not is_open_for(found.licence, request.user):
            raise PermissionDenied
        return picture_response(found)

    def _show(self, request: UserRequest, licence: Licence, **bound: Any) -> HttpResponse:
        may_review = request.user.has_perm(REVIEW_LICENCES)
        is_open = may_review and is_open_for(licence, request.user)
        waits = may_review and licence.state == LicenceState.IN_REVIEW
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": licence,
            "title": _("Business licence"),
            "is_open": is_open,
            "pages": list(licence.pages.all()) if is_open else [],
            "review_form": _review_form(licence) if is_open else None,
            "reason_form": ReasonForm() if waits else None,
            "held_by": name_of_holder(licence) if waits and not is_open and is_taken(licence) else "",
            **bound,
        }
        response = TemplateResponse(request, "admin/accounts/licence/page.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def _path(self, route: str, view: Callable[..., HttpResponse], name: str) -> Any:
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if not request.user.has_perm(REVIEW_LICENCES):
                raise PermissionDenied
            return view(request, *args, **options)

        return path(route, self.admin_site.admin_view(never_cache(guarded)), name=f"{NAME}_{name}")


def _review_form(licence: Licence, data: Any = None) -> ReviewForm:
    facts, initial = typed_facts(licence.subject_id), {"term": typed_term(licence.subject_id)}
    return ReviewForm(data, facts=facts, today=timezone.localdate(), initial=initial)


def _decide(licence: Licence, staff: Any, values: dict[str, Any]) -> None:
    if values["act"] == APPROVE:
        approve(licence=licence, staff=staff, term=values["term"])
    elif values["act"] == RETURN:
        given = {name: values[name] for name in ("code", "field", "words")}
        return_licence(licence=licence, staff=staff, **given)
    else:
        refuse(licence=licence, staff=staff, words=values["words"])
