"""The page of one request for staff, in parts: facts, items with their allowed moves, answers, notes, evidence."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from privacy.access.queries import role_of
from privacy.evidence.staff_names import named, staff_with
from privacy.inventory.retention_classes import labels_of
from privacy.inventory.value_labels import language_name, value_label
from privacy.rights.admin.acts import ActsMixin, staff_of
from privacy.rights.admin.answers import TEMPLATES, AnswersMixin
from privacy.rights.admin.extensions import ExtensionsMixin
from privacy.rights.admin.pictures import PicturesMixin, picture_context
from privacy.rights.admin.step_details import rule_in_words
from privacy.rights.answering.decisions import WITH_ANSWER, button_of, moves_for_staff
from privacy.rights.answering.extensions import why_not
from privacy.rights.choices import Right
from privacy.rights.forms.staff import IdentityForm, NoteForm
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.queries import PROVE_IDENTITY, WORK_REQUESTS
from privacy.rights.staff.reading import record_reading
from privacy.rights.staff.words import ABOUT, ABOUT_A_CHILD, state_for_staff


class RequestPageMixin(AnswersMixin, ExtensionsMixin, PicturesMixin, ActsMixin):
    """Shows one request. What the person wrote is shown to those who work on requests, and each reading recorded."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a request to those who may see requests; Django answers all others."""
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            return super().change_view(request, object_id, form_url, extra_context)
        may_work = request.user.has_perm(WORK_REQUESTS)
        if may_work:
            record_reading(request=found, staff=staff_of(request), role=role_of(request.user))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": found,
            "title": found.reference,
            "may_work": may_work,
            **_facts(found),
            "items": [_item(found, item, may_work=may_work) for item in found.items.order_by("right")],
            "records": RequestRecord.objects.filter(request=found.pk).order_by("position"),
        }
        if may_work:
            context |= _for_workers(found)
        if request.user.has_perm(PROVE_IDENTITY) and not (found.proven_at or found.closed_at):
            context["identity_form"] = IdentityForm(known=found.subject)
        return TemplateResponse(request, f"{TEMPLATES}/page.html", context)


def _facts(found: RightsRequest) -> dict[str, Any]:
    return {
        "clock": json.loads(str(found.clock)),
        "extension": getattr(found, "extension", None),
        "whose": _whose(found),
        "rule": rule_in_words(found.rule),
        "country": value_label("country", found.country),
        "language": language_name(found.language),
    }


def _whose(found: RightsRequest) -> list[Any]:
    """Return whose data it is, for a report of a child beside what else was asked for."""
    rights = {item.right for item in found.items.all()}
    of_child = [ABOUT_A_CHILD] if Right.CHILD in rights else []
    return [*of_child, *([ABOUT[found.about]] if rights != {Right.CHILD} else [])]


def _item(found: RightsRequest, item: RequestItem, *, may_work: bool) -> dict[str, Any]:
    moves = moves_for_staff(found, item) if may_work and found.closed_at is None else []
    return {
        "row": item,
        "state": state_for_staff(item),
        "text": str(item.text or "") if may_work else "",
        "kept": labels_of(item.kept),
        "moves": [
            {"after": after, "label": button_of(item, after), "is_page": after in WITH_ANSWER} for after in moves
        ],
    }


def _for_workers(found: RightsRequest) -> dict[str, Any]:
    written = named(found.messages.all(), "written_by")
    others = {number: name for number, name in staff_with(WORK_REQUESTS).items() if number != found.assigned_to}
    return {
        "answers": [each for each in written if each.kind == RequestMessage.Kind.ANSWER],
        "notes": [each for each in written if each.kind == RequestMessage.Kind.NOTE],
        "may_extend": not why_not(found),
        **picture_context(found),
        "note_form": NoteForm(),
        "others": sorted(others.items(), key=lambda other: other[1]),
        "address": str(found.address or ""),
    }
