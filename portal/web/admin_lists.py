"""What every list of the admin has in common: filters that it offers, and pages that never count a whole table."""

from functools import cached_property
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR, ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.staff.searches import count_search, note_search
from accounts.users.models import User
from privacy.inventory.declarations import record_of

# What Django's filters and its hierarchy of dates write into an address.
FILTER_SUFFIXES = ("", "__exact", "__in", "__isnull", "__id__exact")
DATE_LOOKUPS = ("year", "month", "day", "gte", "lt")
# A hundred pages. Who looks for older rows filters or searches.
MOST_ROWS = 10_000
# A search is exact: it finds the rows of one person, or of one reference.
MOST_FOUND = 100


class RestrictedFiltersMixin:
    """Lets an address filter a list by what the list offers only.

    Django allows every column of the model itself: a member of staff could ask for parts of a hash, or of a value that
    the page does not show, and columns of bytes answer such questions with an error.
    """

    list_filter: Any
    date_hierarchy: str | None

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Whether a lookup in the address is one that a filter of the list writes there."""
        filters = {
            f"{name}{suffix}" for name in self.list_filter if isinstance(name, str) for suffix in FILTER_SUFFIXES
        }
        dates = {f"{self.date_hierarchy}__{part}" for part in DATE_LOOKUPS} if self.date_hierarchy else set()
        return lookup in filters | dates


class InvalidAddressMixin(ModelAdmin):
    """Answers what no link of the admin asks, where Django's own pages fail: nothing typed into an address is a 500."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list of an address. Raises `IncorrectLookupParameters`, which leads back to the whole list."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError:  # a year that no computer counts
            raise IncorrectLookupParameters from None
        except IncorrectLookupParameters:
            # Django would say that its database is broken.
            if ERROR_FLAG in request.GET:
                raise BadRequest("The address asks for what this list does not offer.") from None
            raise

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row by its number; an empty name of a column names none."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request: HttpRequest, queryset: QuerySet, *given: Any) -> HttpResponse | None:
        """Act on the chosen rows; of what is no number there is no row."""
        try:
            queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        except (ValidationError, ValueError):
            raise BadRequest("This chooses no row.") from None
        return super().response_action(request, queryset, *given)


class AuditedSearchMixin(ModelAdmin):
    """Counts and notes every search in a list whose rows lead to people, as the search for people itself is."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list; a search is noted by its kind, and for whom it found. Raises `RateLimited`."""
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
    """Counts up to `MOST_ROWS`: `count(*)` of a million rows takes longer than the whole page may."""

    @cached_property
    def count(self) -> int:
        """How many rows can be paged through."""
        return len(self.object_list.order_by().values_list("pk")[:MOST_ROWS])  # type: ignore[attr-defined]


class BoundedCountMixin:
    """Gives a list the bounded paginator, and no second count of everything beside a filtered one."""

    paginator = BoundedPaginator
    show_full_result_count = False
