"""Erasures in progress and their receipts, to read; a failed one can be tried again at once."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from privacy.erasure.labels import counts_in_words, held_in_words, kept_in_words
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import endangered_cases, failing_cases, late_cases
from privacy.erasure.services import NothingToTry, try_again_now
from privacy.evidence.admin import EvidenceAdmin, NeedsFilter

RETRY = "privacy.retry_erasurecase"


@admin.register(ErasureReceipt)
class ErasureReceiptAdmin(EvidenceAdmin):
    list_display = ("position", "reference", "cancelled_at", "erased_at")
    search_fields = ("=reference",)
    fields = (
        ("reference", "case", "version"),
        ("cancelled_at", "due_at", "erased_at"),
        "erased",
        "stays",
        "held_back",
        "subject",
    )

    @admin.display(description=gettext_lazy("what was erased"))
    def erased(self, receipt: ErasureReceipt) -> str:
        """How many items each data store erased."""
        return counts_in_words(receipt.counts) or "—"

    @admin.display(description=gettext_lazy("what is kept"))
    def stays(self, receipt: ErasureReceipt) -> str:
        """How many rows are kept."""
        return kept_in_words(receipt.kept) or "—"

    @admin.display(description=gettext_lazy("what a legal hold keeps"))
    def held_back(self, receipt: ErasureReceipt) -> str:
        """What a legal hold keeps, why and until when."""
        return held_in_words(receipt.held) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "erased", "stays", "held_back")


class CasesFilter(NeedsFilter):
    """Filters by the state of the deadline, as the first page counts it."""

    queries: ClassVar = {
        "late": (gettext_lazy("overdue"), late_cases),
        "soon": (gettext_lazy("due soon"), endangered_cases),
        "failing": (gettext_lazy("failing"), failing_cases),
    }


@admin.register(ErasureCase)
class ErasureCaseAdmin(EvidenceAdmin):
    """Every cancellation and the state of its erasure."""

    list_display = ("reference", "state", "ground", "due_at", "deadline_at", "attempts", "last_failure")
    list_filter = (CasesFilter, "state", "ground")
    # Alarms name a case by its id.
    search_fields = ("=reference", "=id")
    ordering = ("deadline_at",)
    fields = (
        ("reference", "state", "ground", "language"),
        ("cancelled_at", "access_ended_at", "due_at", "deadline_at"),
        ("started_at", "erased_at"),
        ("attempts", "last_failure", "next_attempt_at"),
        "erased",
        "held_back",
        "subject",
    )
    change_form_template = "admin/privacy/erasurecase/change_form.html"

    @admin.display(description=gettext_lazy("what was erased"))
    def erased(self, case: ErasureCase) -> str:
        """How many items each data store erased."""
        return counts_in_words(case.counts) or "—"

    @admin.display(description=gettext_lazy("what a legal hold keeps"))
    def held_back(self, case: ErasureCase) -> str:
        """What a legal hold keeps, why and until when."""
        return held_in_words(case.held) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "erased", "held_back")

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(require_POST(self.try_again_view))
        return [path("<uuid:pk>/try-again/", act, name="privacy_erasurecase_try_again"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a case and, if its last attempt failed, how to try again."""
        case = self.get_object(request, object_id)
        may_retry = bool(case and case.is_open and case.last_failure and request.user.has_perm(RETRY))
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_retry": may_retry})

    def try_again_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Make a failing case due at once, and return to the page that asked for it."""
        if not request.user.has_perm(RETRY):
            raise PermissionDenied
        case = get_object_or_404(ErasureCase, pk=pk)
        try:
            try_again_now(case=case)
        except NothingToTry as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, case, "try again now")
            messages.success(request, _("The erasure is being tried again. Reload this page in a minute."))
        return redirect("admin:index") if "first_page" in request.POST else redirect(*_page(pk))


def _page(pk: UUID) -> tuple[str, UUID]:
    return "admin:privacy_erasurecase_change", pk
