"""`/requests/<reference>/copy.html` and `.json`: the copy that answers a request, after proof in this session."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy.export.models import DataCopy
from privacy.export.standalone import file_name
from privacy.rights.carrying_out.copies import copy_of_request, document_of, page_of
from privacy.rights.proof.in_session import may_see_answer, opened_request
from privacy.subjects.markers import limited_as, open_at_the_gate


@limited_as("receipt")
@open_at_the_gate
@never_cache
@require_safe
def copy_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer with the copy as one HTML file."""
    copy = _copy_or_404(request, reference)
    page = page_of(copy)
    if page is None:
        raise Http404
    return HttpResponse(page, headers={"Content-Disposition": f'attachment; filename="{file_name(copy)}.html"'})


@limited_as("receipt")
@open_at_the_gate
@never_cache
@require_safe
def copy_document(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer with the copy as a JSON file."""
    copy = _copy_or_404(request, reference)
    body = json.dumps(document_of(copy), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(copy)}.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


def _copy_or_404(request: HttpRequest, reference: str) -> DataCopy:
    found = opened_request(request, reference)
    copy = copy_of_request(found) if found and may_see_answer(request, found) else None
    if copy is None:
        raise Http404
    return copy
