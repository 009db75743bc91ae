"""Staff see the progress of announcements and who has not agreed yet, and remind them."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from privacy.announcements.models import Announcement
from privacy.announcements.queries import (
    announcements_of,
    ends_at,
    people_by_replaced_version,
    people_to_agree,
    replaced_versions,
)
from privacy.announcements.services import CannotRemind, remind_people, why_no_reminder
from privacy.consent.queries import latest_consents
from privacy.evidence.clock import database_now
from privacy.policies.models import PolicyVersion

SEE, REMIND = "privacy.view_policyversion", "privacy.confirm_publication"
PAGE = 100


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    """Lists the rounds of messages; the page of a version shows who has not agreed."""

    list_display = ("version", "kind", "started_at", "progress", "unreachable", "failed", "finished_at")
    list_filter = ("kind",)
    ordering = ("-started_at",)
    fields = (("version", "kind"), ("started_at", "finished_at"), "people", "progress", "unreachable", "failed")
    readonly_fields = ("progress",)

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, announcement: Announcement) -> str:
        """How many people of how many are done, and the expected end."""
        done = _("%(done)d of %(people)d people") % {"done": announcement.done, "people": announcement.people}
        if announcement.finished_at:
            return done
        until = timezone.localtime(ends_at(announcement, database_now()))
        return _("%(done)s, until about %(until)s") % {"done": done, "until": f"{until:%Y-%m-%d %H:%M}"}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone who may view policies may view their announcements."""
        return request.user.has_perm(SEE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A publication begins a round, a reminder another."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the page that shows who has not agreed yet, and the reminder."""
        left = self.admin_site.admin_view(self.left_view)
        remind_them = self.admin_site.admin_view(require_POST(self.remind_view))
        return [
            path("left/<uuid:pk>/", left, name="privacy_announcement_left"),
            path("remind/<uuid:pk>/", remind_them, name="privacy_announcement_remind"),
            *super().get_urls(),
        ]

    def left_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show how many people have not agreed to a version, by the version they last agreed to, and their numbers."""
        version = get_object_or_404(PolicyVersion.objects.defer("html", "original"), pk=pk, in_force_from__isnull=False)
        if not request.user.has_perm(SEE):
            raise PermissionDenied
        page = Paginator(people_to_agree(version).values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
        labels = {each.pk: each.label for each in replaced_versions(version)}
        accepted = latest_consents(list(page))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who has not agreed yet"),
            "opts": self.opts,
            "version": version,
            "by_version": people_by_replaced_version(version),
            "rounds": [(each, self.progress(each)) for each in announcements_of(version)],
            "people": [(pk, labels.get(accepted[pk])) for pk in page],
            "page": page,
            "may_remind": request.user.has_perm(REMIND),
            "why_no_reminder": why_no_reminder(version),
        }
        return render(request, "admin/privacy/announcement/left.html", context)

    def remind_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send another round of messages to people who have not agreed."""
        version = get_object_or_404(PolicyVersion.objects.defer("html", "original"), pk=pk, in_force_from__isnull=False)
        if not request.user.has_perm(REMIND):
            raise PermissionDenied
        try:
            begun = remind_people(version=version, by=cast("UUID", request.user.pk))
        except CannotRemind as refused:
            messages.error(request, str(refused))
        else:
            self.log_addition(request, begun, "reminded")
            said = ngettext("%(count)d person is being reminded.", "%(count)d people are being reminded.", begun.people)
            messages.success(request, said % {"count": begun.people})
        return redirect("admin:privacy_announcement_left", pk)
