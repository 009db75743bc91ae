"""`me/copies`: ask for a copy of one's data, follow its progress, read it after a fresh sign-in."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.export.models import DataCopy
from privacy.export.queries import copies_of, ready_copy
from privacy.export.reading import FormerFormat
from privacy.export.services import forget_copy, request_copy
from privacy.export.standalone import as_html
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, INVALID, NOT_FOUND, RATE_LIMITED
from privacy.rest.schema import PAGE, operation, paged

TAG = "Copies"
ID = OpenApiParameter(
    "copy", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description="The `id` of a copy."
)


class Copy(serializers.Serializer):
    """The state of a copy."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(DataCopy.State.values)
    done = serializers.IntegerField(help_text="How many kinds of record are collected so far, of `total`.")
    total = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when the copy can be read.")


class CopyDocument(serializers.Serializer):
    """A copy of all data, under stable names. See `/copy.schema.json` for its full schema."""

    format = serializers.IntegerField(
        help_text="Increases when a name changes or is removed. New names can be added without an increase."
    )
    subject = serializers.UUIDField()
    jurisdiction = serializers.CharField()
    language = serializers.CharField(help_text="The language of the texts.")
    made_at = serializers.DateTimeField()
    records = serializers.DictField(help_text="All records by public name, newest first.")
    consent_receipts = serializers.ListField(child=serializers.DictField(), help_text="ISO/IEC TS 27560, newest first.")
    processing = serializers.DictField(
        help_text="Purposes, controller, recipients, retention and rights (GDPR art. 15(1))."
    )
    fields = serializers.DictField(help_text="What each declared field means.")  # type: ignore[assignment]  # a member


class Copies(Endpoint):
    """`me/copies`."""

    at_the_gate = True
    limited_as = {"POST": "copy"}

    @operation(
        "copies_list",
        "List copies of my data, newest first",
        answers={200: paged("CopyPage", Copy)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        return self.page(copies_of(self.subject.pk), "-asked_at", _present)

    @operation(
        "copies_add",
        "Request a copy of my data; returns the one in progress, if any",
        answers={202: Copy},
        errors=[RATE_LIMITED],
        description="Get its state at `me/copies/{copy}`. It is ready within seconds.",
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Begin one."""
        return Response(_present(request_copy(subject=self.subject)), status=202)


class OneCopy(Endpoint):
    """`me/copies/<id>`."""

    at_the_gate = True

    @operation(
        "copies_state",
        "Get the state of a copy",
        answers={200: Copy},
        errors=[NOT_FOUND],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, copy: UUID) -> Response:
        """Answer with its progress."""
        found = copies_of(self.subject.pk).filter(pk=copy).first()
        if found is None:
            raise Http404
        return Response(_present(found))

    @operation(
        "copies_forget",
        "Delete a copy before it expires",
        answers={204: None},
        errors=[NOT_FOUND],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, copy: UUID) -> Response:
        """Forget it."""
        if not forget_copy(subject=self.subject, copy_id=copy):
            raise Http404
        return Response(status=204)


class CopyText(Endpoint):
    """`me/copies/<id>/document`."""

    at_the_gate = True
    fresh_sign_in_for = ("GET",)

    @operation(
        "copies_document",
        "Get a copy as JSON",
        answers={200: CopyDocument},
        errors=[NOT_FOUND, FRESH_SIGN_IN_REQUIRED],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, copy: UUID) -> Response:
        """Answer with everything."""
        found = ready_copy(self.subject.pk, copy)
        if found is None:
            raise Http404
        return Response(json.loads(str(found.document)))


class HTMLPage(BaseRenderer):
    """Answers with a page; a problem stays JSON."""

    media_type = "text/html"
    format = "html"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Return the page as bytes."""
        return data.encode() if isinstance(data, str) else JSONRenderer().render(data)


class CopyPage(Endpoint):
    """`me/copies/<id>/page`."""

    at_the_gate = True
    fresh_sign_in_for = ("GET",)
    renderer_classes = (HTMLPage, JSONRenderer)

    @operation(
        "copies_page",
        "Get a copy as one HTML page, to show or save",
        answers={(200, "text/html"): OpenApiTypes.STR},
        errors=[NOT_FOUND, FRESH_SIGN_IN_REQUIRED],
        description="In the requested language and the time zone of the profile. Loads nothing from other sites.",
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request, copy: UUID) -> Response:
        """Answer with the page."""
        found = ready_copy(self.subject.pk, copy)
        if found is None:
            raise Http404
        try:
            page = as_html(json.loads(str(found.document)))
        except FormerFormat:
            raise Http404 from None
        return Response(page, content_type="text/html; charset=utf-8")


def _present(copy: DataCopy) -> dict[str, Any]:
    return {
        "id": str(copy.pk),
        "state": copy.state,
        "done": copy.done,
        "total": copy.total,
        "asked_at": copy.asked_at,
        "ready_at": copy.ready_at,
        "expires_at": copy.expires_at,
    }
