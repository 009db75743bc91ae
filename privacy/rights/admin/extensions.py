"""The page that extends the time of a request, and the acts that note a letter as posted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from privacy.access.queries import role_of
from privacy.rights.admin.acts import WorkMixin, staff_of, to_page
from privacy.rights.admin.answers import CHANGE, CONFIRMED, TEMPLATES
from privacy.rights.answering.extensions import ExtensionRefused, extend, extended_due, most_days, note_posted, why_not
from privacy.rights.answering.following import NotPosted, note_answer_posted
from privacy.rights.answering.previewing import extension_preview
from privacy.rights.forms.staff import ExtensionForm
from privacy.rights.models.requests import RequestMessage, RightsRequest
from privacy.rights.staff.own import OwnRequest


class ExtensionsMixin(WorkMixin):
    """More time is asked for once, previewed, and told to the person."""

    def get_urls(self) -> list[Any]:
        """Add the page and the acts."""
        posted, answer = require_POST(self.posted_view), require_POST(self.answer_posted_view)
        return [
            self.work_path("<uuid:pk>/extend/", self.extend_view, "extend"),
            self.work_path("<uuid:pk>/extension-posted/", posted, "extension-posted"),
            self.work_path("<uuid:pk>/answers/<uuid:answer>/posted/", answer, "answer-posted"),
            *super().get_urls(),
        ]

    def extend_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the form, its preview with the new due time, or decide what was previewed."""
        found = get_object_or_404(RightsRequest, pk=pk)
        if why := why_not(found):
            messages.error(request, why)
            return to_page(pk)
        form = ExtensionForm(request.POST or None, most=most_days(found))
        if form.is_valid() and CONFIRMED in request.POST:
            return self._extended(request, found, form)
        is_preview = form.is_valid() and CHANGE not in request.POST
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "shown": found,
            "form": form,
            "title": _("More time for the answer"),
        }
        if is_preview:
            due_at = extended_due(found, form.cleaned_data["days"])
            context["preview"] = extension_preview(found, form.cleaned_data, due_at)
        page = "extension_preview.html" if is_preview else "extend.html"
        return TemplateResponse(request, f"{TEMPLATES}/{page}", context)

    def posted_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Note that the letter about the extension was posted."""
        found = get_object_or_404(RightsRequest, pk=pk)
        try:
            note_posted(request=found)
        except ExtensionRefused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, gettext_noop("Letter posted"))
            messages.success(request, _("Saved."))
        return to_page(pk)

    def answer_posted_view(self, request: HttpRequest, pk: UUID, answer: UUID) -> HttpResponse:
        """Note that an answer was posted, or handed over in another way."""
        found = get_object_or_404(RequestMessage, pk=answer, request_id=pk)
        try:
            note_answer_posted(answer=found, role=role_of(request.user))
        except NotPosted:
            messages.error(request, _("This answer was handed over already, or is no letter."))
        else:
            self.log_change(request, found.request, gettext_noop("Letter posted"))
            messages.success(request, _("Saved."))
        return to_page(pk)

    def _extended(self, request: HttpRequest, found: RightsRequest, form: ExtensionForm) -> HttpResponse:
        try:
            extend(request=found, **form.cleaned_data, by=staff_of(request), role=role_of(request.user))
        except (ExtensionRefused, OwnRequest) as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, gettext_noop("Time extended"))
            messages.success(
                request, _("Saved. The new due time takes effect once the message to the person is handed over.")
            )
        return to_page(found.pk)
