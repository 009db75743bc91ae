"""`/settings/privacy/copy/`: request a copy, see its progress, read and download it after a fresh sign-in."""

import json
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from privacy.export.models import DataCopy
from privacy.export.queries import copies_of, ready_copy
from privacy.export.reading import FormerFormat, readable
from privacy.export.schema import copy_schema
from privacy.export.services import forget_copy, request_copy
from privacy.export.standalone import as_html, file_name
from privacy.inventory.periods import period_in_words
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate
from privacy.subjects.requests import SubjectRequest


@limited_as("copy", "POST")
@open_at_the_gate
@login_required
@never_cache
def copies(request: SubjectRequest) -> HttpResponse:
    """List the copies with their progress; a POST requests one."""
    if request.method == "POST":
        request_copy(subject=request.data_subject)
        return redirect("copies")
    found = list(copies_of(request.data_subject.pk)[:20])
    context = {
        "copies": found,
        "in_the_making": next((copy for copy in found if copy.is_in_the_making), None),
        "lifetime": period_in_words(settings.COPY_LIFETIME),
    }
    return render(request, "privacy/export/copies.html", context)


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
@require_safe
def read_copy(request: SubjectRequest, copy: UUID) -> HttpResponse:
    """Show a copy as a page."""
    found = _own_or_404(request, copy)
    try:
        document = readable(json.loads(str(found.document)))
    except FormerFormat:
        document = None
    return render(request, "privacy/export/copy.html", {"copy": found, "document": document})


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
@require_safe
def download_page(request: SubjectRequest, copy: UUID) -> HttpResponse:
    """Answer with a copy as one HTML file; for a copy of an earlier release, the page says why there is none."""
    found = _own_or_404(request, copy)
    try:
        page = as_html(json.loads(str(found.document)))
    except FormerFormat:
        return redirect("read_copy", copy)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(found)}.html"'}
    return HttpResponse(page, headers=headers)


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
@require_safe
def download_copy(request: SubjectRequest, copy: UUID) -> HttpResponse:
    """Answer with a copy as a JSON file."""
    found = _own_or_404(request, copy)
    body = json.dumps(json.loads(str(found.document)), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(found)}.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@open_at_the_gate
@require_POST
@login_required
@never_cache
def delete_copy(request: SubjectRequest, copy: UUID) -> HttpResponse:
    """Delete a copy before it expires."""
    if forget_copy(subject=request.data_subject, copy_id=copy):
        messages.success(request, _("The copy is deleted."))
    return redirect("copies")


@open_at_the_gate
@require_safe
def schema(_request: HttpRequest) -> JsonResponse:
    """Answer with the schema that every copy follows."""
    return JsonResponse(copy_schema(), content_type="application/schema+json")


def _own_or_404(request: SubjectRequest, copy: UUID) -> DataCopy:
    found = ready_copy(request.data_subject.pk, copy)
    if found is None:
        raise Http404
    return found
