"""Mixins for every list of the admin: filters, also by date, logged searches, and pages without a count of all rows."""

from functools import cached_property
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR, ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime

from accounts.staff.searches import count_search, note_search
from accounts.users.models import User
from privacy.inventory.declarations import record_of

# The lookups that Django's filters and its hierarchy of dates write into a URL.
FILTER_SUFFIXES = ("", "__exact", "__in", "__isnull", "__isempty", "__id__exact")
DATE_LOOKUPS = ("year", "month", "day", "gte", "lt")
# A hundred pages. Older rows are found by filters or search.
MOST_ROWS = 10_000
# A search is exact: it finds the rows of one person, or of one reference.
MOST_FOUND = 100


class DateFilterMixin(ModelAdmin):
    """Adds a filter by date to a list: by the first time among its columns, unless the list has one of its own."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return the filters of the list, then that of its date."""
        filters = super().get_list_filter(request)
        column = None if self.date_hierarchy else _first_time(self)
        return [*filters, column] if column and column not in filters else filters


class RestrictedFiltersMixin(ModelAdmin):
    """Lets a URL filter a list only by the filters that the list offers.

    Django allows every column of the model: a member of staff could search for parts of a hash, or of a value that the
    page does not show, and a filter on a column of bytes raises an error.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Whether a filter of the list uses this lookup."""
        # A filter of our own names its parameter, one of Django's the column, or the column with a class.
        named = (each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request))
        names = [getattr(each, "parameter_name", each) for each in named]
        filters = {f"{name}{suffix}" for name in names for suffix in FILTER_SUFFIXES}
        times = {self.date_hierarchy, _first_time(self)} - {None}
        if lookup.endswith(("__gte", "__lt")) and not self.date_hierarchy and not _is_time(value):
            return False
        return lookup in filters | {f"{name}__{part}" for name in times for part in DATE_LOOKUPS}


def _is_time(value: Any) -> bool:
    """Whether a value of an address is a time with its zone, as Django's filter by date writes it."""
    try:
        time = parse_datetime(str(value[-1] if isinstance(value, list) and value else value))
    except ValueError:
        return False
    return time is not None and time.tzinfo is not None


class InvalidAddressMixin(ModelAdmin):
    """Answers URLs that no link of the admin has, where Django's own pages would answer 500."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list of a URL. Raises `IncorrectLookupParameters`: Django then redirects to the whole list."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError):  # a year out of range
            raise IncorrectLookupParameters from None
        except IncorrectLookupParameters:
            # Django would report a broken database.
            if ERROR_FLAG in request.GET:
                raise BadRequest("The address asks for what this list does not offer.") from None
            raise

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row by its id; an empty name of a column counts as none."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request: HttpRequest, queryset: QuerySet, *given: Any) -> HttpResponse | None:
        """Act on the chosen rows; answer 400 for an invalid id."""
        try:
            queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        except (ValidationError, ValueError):
            raise BadRequest("The selection contains an invalid id.") from None
        return super().response_action(request, queryset, *given)


class AuditedSearchMixin(ModelAdmin):
    """Counts and logs every search in a list of rows of people, like the search for people itself."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list; log a search by its kind, and an access for each found person. Raises `RateLimited`."""
        text = request.GET.get(SEARCH_VAR, "").strip()
        record = record_of(self.model)
        if not text or record is None or not isinstance(request.user, User):
            return super().get_changelist_instance(request)
        count_search(request.user)
        listed = super().get_changelist_instance(request)
        rows = listed.queryset.order_by().values_list(f"{record.subject}_id", flat=True)[:MOST_FOUND]
        note_search(staff=request.user, text=text, model=self.model, subjects=set(rows))
        return listed


class BoundedPaginator(Paginator):
    """Counts up to `MOST_ROWS`: `count(*)` of a million rows is too slow for a page."""

    @cached_property
    def count(self) -> int:
        """How many rows can be paged through."""
        return len(self.object_list.order_by().values_list("pk")[:MOST_ROWS])  # type: ignore[attr-defined]


class BoundedCountMixin:
    """Uses the bounded paginator, and does not count all rows beside the filtered ones."""

    paginator = BoundedPaginator
    show_full_result_count = False


def _first_time(page: ModelAdmin) -> str | None:
    times = {field.name for field in page.model._meta.concrete_fields if isinstance(field, DateTimeField)}
    return next((name for name in page.list_display if name in times), None)
