"""The pages on which staff write an answer, alone or with a decision, and see it as the person will."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from privacy.access.queries import role_of
from privacy.inventory.value_labels import language_name
from privacy.rights.admin.acts import WorkMixin, staff_of, to_page
from privacy.rights.answering.answers import send_answer
from privacy.rights.answering.decisions import WITH_ANSWER, button_of, decide, moves_for_staff
from privacy.rights.answering.previewing import preview_of
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.choices import WITH_REASONS, ItemState
from privacy.rights.forms.staff import AnswerForm, PartForm, RefusalForm
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.queries import with_lateness
from privacy.rights.staff.own import OwnRequest
from privacy.rights.staff.reading import record_reading
from privacy.rights.states.moving import MoveRefused, decided_before

TEMPLATES = "admin/privacy/rightsrequest"
REFUSALS: dict[str, type[RefusalForm]] = {ItemState.PARTLY: PartForm, ItemState.REFUSED: RefusalForm}
CONFIRMED, CHANGE = "confirmed", "change"


class AnswersMixin(WorkMixin):
    """An answer is written, previewed, then sent."""

    def get_urls(self) -> list[Any]:
        """Add the pages."""
        answer = self.work_path("<uuid:pk>/answer/", self.answer_view, "answer")
        decide_path = "<uuid:pk>/items/<uuid:item>/decide/<slug:outcome>/"
        return [answer, self.work_path(decide_path, self.decide_view, "decide"), *super().get_urls()]

    def answer_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Write an answer without a decision."""
        return self._written(request, _found(pk), None, "")

    def decide_view(self, request: HttpRequest, pk: UUID, item: UUID, outcome: str) -> HttpResponse:
        """Decide an item, and write its answer."""
        if outcome not in WITH_ANSWER:
            raise Http404
        found = _found(pk)
        chosen = get_object_or_404(RequestItem, pk=item, request=found)
        if request.method != "POST" and outcome not in moves_for_staff(found, chosen):
            messages.error(request, decided_before(chosen))
            return to_page(pk)
        return self._written(request, found, chosen, outcome)

    def _written(
        self, request: HttpRequest, found: RightsRequest, item: RequestItem | None, outcome: str
    ) -> HttpResponse:
        """Show the form; its preview; or send what was previewed."""
        record_reading(request=found, staff=staff_of(request), role=role_of(request.user))
        form = _form(request, found, outcome)
        if form.is_valid() and CONFIRMED in request.POST:
            return self._sent(request, found, item, outcome, form)
        is_preview = form.is_valid() and CHANGE not in request.POST
        context = {
            "shown": found,
            "item": item,
            "language": language_name(found.language),
            "form": form,
            "remedies": remedies_of(found) if outcome in WITH_REASONS else None,
            "templates": _templates(item, outcome),
            "preview": preview_of(found, item, outcome, form.cleaned_data) if is_preview else None,
            "title": f"{found.reference}: {button_of(item, outcome) if item else _('Write to the person')}",
        }
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        page = "preview.html" if is_preview else "write.html"
        return TemplateResponse(request, f"{TEMPLATES}/{page}", shared | context)

    def _sent(
        self, request: HttpRequest, found: RightsRequest, item: RequestItem | None, outcome: str, form: AnswerForm
    ) -> HttpResponse:
        by, role, text = staff_of(request), role_of(request.user), form.cleaned_data["text"]
        try:
            if item is None:
                send_answer(request=found, text=text, by=by, role=role)
            else:
                reasons = form.reasons() if isinstance(form, RefusalForm) else None
                decide(item=item, outcome=outcome, text=text, by=by, role=role, reasons=reasons)
        except (MoveRefused, OwnRequest) as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, f"{item.right}: {outcome}" if item else gettext_noop("Answered"))
            messages.success(request, _("Saved. The person gets a message with a link to the answer."))
        return to_page(found.pk)


def _found(pk: UUID) -> RightsRequest:
    return get_object_or_404(with_lateness(RightsRequest.objects.select_related("subject")), pk=pk)


def _form(request: HttpRequest, found: RightsRequest, outcome: str) -> AnswerForm:
    kind = REFUSALS.get(outcome, AnswerForm)
    if request.method == "POST":
        return kind(request.POST)
    chosen = settings.ANSWER_TEMPLATES.get(request.GET.get("template", ""))
    if chosen is None:
        return kind()
    with translation.override(found.language):
        text = str(chosen.text).strip()
    return kind(initial={"text": text})


def _templates(item: RequestItem | None, outcome: str) -> list[tuple[str, str]]:
    right = item.right if item else ""
    offered = [each for each in settings.ANSWER_TEMPLATES.values() if each.is_for(right=right, outcome=outcome)]
    return [(each.key, str(each.title)) for each in offered]
