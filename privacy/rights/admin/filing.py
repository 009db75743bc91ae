"""The pages on which staff file what came by letter, phone or mail: one by one, or many from a file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache

from privacy.limits.counting import RateLimited
from privacy.rights.admin.acts import NAME, staff_of, to_page
from privacy.rights.admin.answers import CONFIRMED, TEMPLATES
from privacy.rights.forms.filing import FilingForm
from privacy.rights.forms.staff import ImportForm
from privacy.rights.queries import FILE_REQUESTS
from privacy.rights.services import file_request
from privacy.rights.staff.importing import COLUMNS, REQUIRED, Row, UnreadableFile, file_rows, read_rows

_EXAMPLES = {"received_at": "2026-11-20 09:30", "country": "DE"}


class FilingMixin(ModelAdmin):
    """Adds requests of people who wrote or called."""

    def get_urls(self) -> list[Any]:
        """Add the page of many."""
        many = self.admin_site.admin_view(never_cache(self.import_view))
        return [path("import/", many, name=f"{NAME}_import"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a member of staff may file a request."""
        return request.user.has_perm(FILE_REQUESTS)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """File one request."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FilingForm(request.POST or None)
        if form.is_valid():
            try:
                filed = file_request(
                    items=form.asked(),
                    asker=form.asker(),
                    channel=form.cleaned_data["channel"],
                    received_at=form.cleaned_data["received_at"],
                    filed_by=staff_of(request),
                ).request
            except RateLimited:
                form.add_error("reach", _("Too many messages were sent to this address. Try again later."))
            else:
                self.log_addition(request, filed, gettext_noop("Filed"))
                messages.success(request, _("Filed as %(reference)s.") % {"reference": filed.reference})
                return to_page(filed.pk)
        return self._page(request, "file.html", {"form": form, "title": _("File a request")})

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a file holds, then file the rows that are right; name every other."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {"title": _("File many requests"), "columns": _columns()}
        form = ImportForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._page(request, "import.html", context | {"form": form})
        try:
            rows = read_rows(form.cleaned_data["text"])
        except UnreadableFile as refused:
            form.add_error("file", str(refused))
            return self._page(request, "import.html", context | {"form": form})
        bad = [row for row in rows if row.errors]
        may_file = CONFIRMED in request.POST and (not bad or "leave_out" in request.POST)
        if may_file:
            self._file_and_log(request, rows)
        context |= {
            "rows": rows,
            "bad": [row for row in rows if row.errors],
            "ready": sum(row.is_ready for row in rows),
            "text": form.cleaned_data["text"],
            "is_filed": may_file,
            "must_confirm": CONFIRMED in request.POST and not may_file,
        }
        return self._page(request, "import_preview.html", context)

    def _file_and_log(self, request: HttpRequest, rows: list[Row]) -> None:
        ready = [row for row in rows if row.is_ready]
        file_rows(ready, by=staff_of(request))
        for row in ready:
            if row.filed:
                self.log_addition(request, row.filed, gettext_noop("Filed"))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{TEMPLATES}/{template}", shared | context)


def _columns() -> list[dict[str, Any]]:
    """Return what each column of a file holds, as the form of one request says it."""
    form = FilingForm()
    listed = {name: form.fields[name] for name in COLUMNS}
    return [
        {
            "name": name,
            "label": each.label,
            "is_required": name in REQUIRED,
            "help": _EXAMPLES.get(name) or each.help_text,
            "values": [] if name == "country" else [each for each in getattr(each, "choices", ()) if each[0]],
        }
        for name, each in listed.items()
    ]
