"""Beside the queue: counts of what was decided, and the address of one's own calendar of due times."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from privacy.access.queries import role_of
from privacy.jurisdictions.site import link_to
from privacy.rights.admin.acts import NAME, staff_of
from privacy.rights.admin.answers import TEMPLATES
from privacy.rights.models.calendar import CalendarFeed
from privacy.rights.queries import FILE_REQUESTS, SEE_STEPS, WORK_REQUESTS, lost_requests
from privacy.rights.restoring.lost import NotLost, deal_with_lost
from privacy.rights.staff.calendar import end_feed, new_feed
from privacy.rights.staff.counting import counts_by_month


class OverviewMixin(ModelAdmin):
    """Adds two pages, and the links to them above the queue."""

    change_list_template = f"{TEMPLATES}/change_list.html"

    def get_urls(self) -> list[Any]:
        """Add the pages."""
        pages = {"counts": self.counts_view, "calendar": self.calendar_view, "lost": self.lost_view}
        guard = self.admin_site.admin_view
        paths = [path(f"{name}/", guard(never_cache(view)), name=f"{NAME}_{name}") for name, view in pages.items()]
        return [*paths, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the queue, with the links that a member of staff may follow."""
        may = {
            "may_count": request.user.has_perm(SEE_STEPS),
            "may_file": request.user.has_perm(FILE_REQUESTS),
            "may_work": request.user.has_perm(WORK_REQUESTS),
            "lost": lost_requests().count(),
        }
        return super().changelist_view(request, {**may, **(extra_context or {})})

    def counts_view(self, request: HttpRequest) -> HttpResponse:
        """Show the counts by month."""
        if not request.user.has_perm(SEE_STEPS):
            raise PermissionDenied
        return self._beside(request, "counts.html", {"counts": counts_by_month(), "title": _("Decided requests")})

    def lost_view(self, request: HttpRequest) -> HttpResponse:
        """List the requests that a restore lost; note that one was dealt with."""
        if not request.user.has_perm(WORK_REQUESTS):
            raise PermissionDenied
        if request.method == "POST":
            try:
                deal_with_lost(reference=request.POST.get("reference", ""), role=role_of(request.user))
                messages.success(request, _("Done."))
            except NotLost:
                messages.error(request, _("Someone has dealt with it already."))
            return redirect(f"admin:{NAME}_lost")
        return self._beside(request, "lost.html", {"lost": lost_requests(), "title": _("Requests that a restore lost")})

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        """Make or end the address of the reader's calendar; a new one is shown once, in this response."""
        if not request.user.has_perm(WORK_REQUESTS):
            raise PermissionDenied
        staff, url = staff_of(request), ""
        if request.method == "POST" and "end" in request.POST:
            if end_feed(staff=staff):
                messages.success(request, _("The address no longer works."))
            return redirect(f"admin:{NAME}_calendar")
        if request.method == "POST":
            url = link_to("requests_calendar", new_feed(staff=staff))
        feed = CalendarFeed.objects.filter(staff=staff).first()
        return self._beside(
            request, "calendar.html", {"feed": feed, "url": url, "title": _("Due times in your calendar")}
        )

    def _beside(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{TEMPLATES}/{template}", shared | context)
