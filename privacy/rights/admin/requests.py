"""Requests in the admin: the queue by due time, and the page of one request with what may be done about it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from privacy.access.models import roles_in_words
from privacy.evidence.admin import (
    EvidenceAdmin,
    ExactSearchAdmin,
    NeedsFilter,
    ReadOnlyAdmin,
    StaffNamesAdmin,
    staff_column,
)
from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.rights.admin.filing import FilingMixin
from privacy.rights.admin.overview import OverviewMixin
from privacy.rights.admin.page import RequestPageMixin
from privacy.rights.admin.step_details import details_in_words
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import (
    QUEUE_ORDER,
    as_queued,
    child_reports,
    endangered_requests,
    late_requests,
    letters_to_post,
    undelivered_answers,
    void_extensions,
)
from privacy.rights.staff.words import ABOUT, RIGHTS, STATES, side_by_side, state_for_staff


def _of(rows: QuerySet) -> QuerySet[RightsRequest]:
    """Return the requests to which some rows belong."""
    return RightsRequest.objects.filter(pk__in=rows.order_by().values("request"))


class RequestsFilter(NeedsFilter):
    """Filters by the state of the due time, as the first page counts it."""

    queries: ClassVar = {
        "child": (gettext_lazy("report of a child"), child_reports),
        "late": (gettext_lazy("overdue"), late_requests),
        "soon": (gettext_lazy("due soon"), endangered_requests),
        "undelivered": (gettext_lazy("answer not delivered"), lambda: _of(undelivered_answers())),
        "void": (gettext_lazy("extension void"), lambda: _of(void_extensions())),
        "letters": (gettext_lazy("answer to post"), lambda: _of(letters_to_post())),
    }


class WhoseFilter(admin.SimpleListFilter):
    """Filters by who works on them."""

    title = gettext_lazy("assigned to")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices besides all."""
        return [("mine", _("me")), ("none", _("no one"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return those of the reader, those of no one, or all."""
        by_choice = {"mine": request.user.pk, "none": None}
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(assigned_to=by_choice[chosen]) if chosen in by_choice else queryset.none()


class OpenFilter(admin.SimpleListFilter):
    """Shows the open requests, unless others are chosen."""

    title = gettext_lazy("open or closed")
    parameter_name = "closed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices besides the open ones."""
        return [("yes", pgettext("a request", "closed")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """Name the first choice for what it shows."""
        first, *others = super().choices(changelist)
        return [{**first, "display": _("open")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the open, the closed or all requests."""
        if self.value() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.value() != "yes")


class ItemFilter(admin.SimpleListFilter):
    """Filters requests by a value of one of their items."""

    column = ""
    labels: ClassVar[list[tuple[str, Any]]] = []

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return each value with its label."""
        return self.labels

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the requests that have such an item."""
        if not self.value():
            return queryset
        if self.value() not in dict(self.labels):
            raise IncorrectLookupParameters
        return queryset.filter(**{f"items__{self.column}": self.value()}).distinct()


class RightFilter(ItemFilter):
    """Filters by what is asked for."""

    title = gettext_lazy("right")
    parameter_name = column = "right"
    labels = list(RIGHTS.items())


class StateFilter(ItemFilter):
    """Filters by the state of an item."""

    title = gettext_lazy("state")
    parameter_name = column = "state"
    labels = list(STATES.items())


class AboutFilter(admin.SimpleListFilter):
    """Filters by whose data it is, in the words of staff."""

    title = gettext_lazy("whose data")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return each value with its label."""
        return list(ABOUT.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the requests of the chosen one."""
        return queryset.filter(about=self.value()) if self.value() else queryset


class JurisdictionFilter(admin.SimpleListFilter):
    """Filters by jurisdiction. Finding those that occur would read every request."""

    title = gettext_lazy("jurisdiction")
    parameter_name = "jurisdiction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return each jurisdiction with its name."""
        return [(code, str(each.name)) for code, each in all_jurisdictions().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the requests of the chosen one."""
        return queryset.filter(jurisdiction=self.value()) if self.value() else queryset


@admin.register(RightsRequest)
class RightsRequestAdmin(
    OverviewMixin, FilingMixin, RequestPageMixin, StaffNamesAdmin, ExactSearchAdmin, ReadOnlyAdmin
):
    """The queue: open requests, reports of children first, then by due time. It holds no name and no words."""

    list_display = ("reference", "due", "asked_for", "states", "country", "assigned", "received_at")
    only_in_file = ("is_in_time", "closed_at")
    list_filter = (OpenFilter, WhoseFilter, RequestsFilter, RightFilter, StateFilter, AboutFilter, JurisdictionFilter)
    search_fields = ("=reference", "=subject__id")
    search_help_text = gettext_lazy("A reference, or the number of a person")
    ordering = ("due_at",)
    staff_columns = ("assigned_to", "filed_by")
    assigned = staff_column("assigned_to", gettext_lazy("assigned to"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return requests with their items, and whether they are late."""
        queued = as_queued(RightsRequest.objects.all()).order_by(*QUEUE_ORDER)
        return queued.select_related("subject").prefetch_related("items")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Return the order of the queue, until the reader chooses another."""
        return QUEUE_ORDER

    @admin.display(description=gettext_lazy("asked for"))
    def asked_for(self, request: RightsRequest) -> str:
        """The rights, in words."""
        return side_by_side(str(RIGHTS[item.right]) for item in request.items.all())

    @admin.display(description=gettext_lazy("state"))
    def states(self, request: RightsRequest) -> str:
        """The states of the items, each once."""
        return side_by_side(state_for_staff(item) for item in request.items.all())

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, request: RightsRequest) -> str:
        """By when it is answered, and whether it is, or was, late."""
        at = str(formats.localize(timezone.localtime(request.due_at)))
        return format_html("{} <strong>{}</strong>", at, _("overdue")) if getattr(request, "is_late", False) else at

    @admin.display(description=gettext_lazy("in time"))
    def is_in_time(self, request: RightsRequest) -> str:
        """Whether it was, or can still be, answered in time."""
        return _("overdue") if getattr(request, "is_late", False) else _("yes")


@admin.register(RequestRecord)
class RequestRecordAdmin(EvidenceAdmin):
    """The steps of requests, to read: without names, and kept longer than the requests."""

    list_display = ("position", "at", "reference", "act", "right", "outcome", "roles")
    list_filter = ("act", "right", "outcome")
    search_fields = ("=reference", "=subject__id")
    fields = (("at", "act", "reference"), ("right", "outcome", "roles"), "said", "subject")

    @admin.display(description=gettext_lazy("role"))
    def roles(self, record: RequestRecord) -> str:
        """The roles of the member of staff, in words."""
        return roles_in_words(record.role) or "—"

    @admin.display(description=gettext_lazy("details"))
    def said(self, record: RequestRecord) -> str:
        """What else the step says, in words."""
        between = pgettext("between a name and what is said of it", ": ")
        lines = ((f"{label}{between}{words}",) for label, words in details_in_words(record.details))
        return format_html_join(mark_safe("<br>"), "{}", lines) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "roles", "said")
