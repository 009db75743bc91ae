"""The parts of a person's page in the admin that packages declare, each for those who may see it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string

from privacy.operations.collecting import declared
from privacy.operations.staff_pages import PersonPart


@dataclass(frozen=True)
class DrawnPart:
    """A part of the page, and its HTML."""

    part: PersonPart
    html: str


def person_parts(request: HttpRequest, subject_id: UUID) -> list[DrawnPart]:
    """Return the parts of a person's page that this member of staff may see, in their order."""
    seen = [part for part in declared(PersonPart) if request.user.has_perm(part.permission)]
    return [_drawn(part, request, subject_id) for part in sorted(seen, key=lambda part: part.position)]


def _drawn(part: PersonPart, request: HttpRequest, subject_id: UUID) -> DrawnPart:
    context = {"subject_id": subject_id, **part.context(subject_id)}
    return DrawnPart(part, render_to_string(part.template, context, request))
