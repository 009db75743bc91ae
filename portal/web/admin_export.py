"""Every list of the admin can be downloaded as a CSV file, by those who may; each download is recorded first."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import BadRequest, FieldDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from accounts.staff.searches import kind_of_search
from accounts.tries.limits import consume
from portal.web.csv_files import BYTE_ORDER_MARK, lines_of
from privacy.access.operations import EXPORT_LISTS
from privacy.access.queries import role_of
from privacy.access.services import record_export
from privacy.evidence.admin import StaffNamesAdmin
from privacy.evidence.staff_names import named
from privacy.restriction.queries import readable_rows

CHUNK = 500
# Dates, and numbers of pages and columns. Of other text only what a filter offers is recorded: it may hold a name.
PLAIN_VALUE = re.compile(r"[0-9.-]{0,8}|\d{4}-\d\d-\d\d( 00:00:00[0-9:+-]{0,10})?", re.ASCII)
NOT_RECORDED = "…"

Column = tuple[str, Callable[[Any], Any]]


class ExportMixin(ModelAdmin):
    """Adds a download to a list. The file has the columns and the filtered rows of the list, as the page shows them."""

    def get_urls(self) -> list[URLPattern]:
        """Add the download to a list of Django's; a page that is no list of rows has none."""
        urls = super().get_urls()
        if not any(url.name == self._url_name("history") for url in urls):
            return urls
        export = self.admin_site.admin_view(require_POST(self.export_view))
        return [path("export/", export, name=self._url_name("export")), *urls]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether a member of staff may download this list."""
        return request.user.has_perm(EXPORT_LISTS) and self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; to those who may, with its download."""
        may_export = self.has_export_permission(request)
        return super().changelist_view(request, {"may_export": may_export, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Record the download, then send the rows in pieces, however many there are; none of restricted persons.

        Raises `RateLimited`, and `BadRequest` for a filter's value that cannot be read.
        """
        if not self.has_export_permission(request):
            raise PermissionDenied
        consume("staff_export", person=str(request.user.pk))
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise BadRequest("A filter of this list has no such value.") from None
        rows = readable_rows(listed.queryset)
        count = rows.count()
        record_export(
            staff=request.user.pk,  # type: ignore[arg-type]  # only staff can open the admin
            role=role_of(request.user),
            listed=self.opts.label_lower,
            filters=_filters_of(listed),
            rows=count,
        )
        response = StreamingHttpResponse(self._file(request, rows[:count]), content_type="text/csv")
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    def _file(self, request: HttpRequest, rows: QuerySet) -> Iterator[str]:
        """Return the file in pieces. They are read after the middleware is done, so language and zone are kept now."""
        # What a list has too little room for, its page names in `only_in_file`.
        more = getattr(self, "only_in_file", ())
        columns = [self._column(name) for name in (*self.get_list_display(request), *more)]
        head = BYTE_ORDER_MARK + "".join(lines_of([[label for label, _value in columns]]))
        return chain([head], self._pieces(columns, rows, translation.get_language(), timezone.get_current_timezone()))

    def _pieces(self, columns: list[Column], rows: QuerySet, language: str, zone: dt.tzinfo) -> Iterator[str]:
        found = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            with translation.override(language), timezone.override(zone):
                if isinstance(self, StaffNamesAdmin):
                    named(chunk, *self.staff_columns)
                lines = "".join(lines_of([value(row) for _label, value in columns] for row in chunk))
            yield lines

    def _column(self, shown: Any) -> Column:
        """Return the label of a column, and the function that reads it from a row."""
        if shown == "__str__":
            return str(self.opts.verbose_name), str
        if callable(shown):
            return str(getattr(shown, "short_description", shown)), shown
        try:
            label = str(self.opts.get_field(shown).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            if method := getattr(self, shown, None):
                return str(getattr(method, "short_description", shown)), method
            label = str(getattr(getattr(self.model, shown), "short_description", shown))
        return label, lambda row: _shown(row, shown)

    def _url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"


def _shown(row: Model, name: str) -> Any:
    """Return a value of a row, a choice by its label."""
    in_words = getattr(row, f"get_{name}_display", None)
    value = in_words() if in_words else getattr(row, name)
    return value() if callable(value) else value


def _filters_of(listed: ChangeList) -> dict[str, str]:
    """Return the parameters of a list's address, of a search only the kind of its text."""
    given = {name: str(value[-1] if isinstance(value, list) else value) for name, value in listed.params.items()}
    offered = set(_offered(listed))
    kept = {
        name: value if (name, value) in offered or PLAIN_VALUE.fullmatch(value) else NOT_RECORDED
        for name, value in given.items()
    }
    return kept | ({SEARCH_VAR: str(kind_of_search(listed.query))} if listed.query else {})


def _offered(listed: ChangeList) -> Iterator[tuple[str, str]]:
    """Yield the parameters of the address that the choices of the filters of a list write themselves."""
    for one in listed.filter_specs:
        own = one.expected_parameters()
        for choice in one.choices(listed):
            address = str(choice.get("query_string", "")).removeprefix("?")
            yield from ((name, value) for name, value in parse_qsl(address) if name in own)
