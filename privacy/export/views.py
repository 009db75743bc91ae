"""`/settings/privacy/copy/`: download a copy of one's data after a fresh sign-in."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from privacy.export.copies import copy_of_data as make_copy
from privacy.subjects.markers import fresh_sign_in_required, open_at_the_gate
from privacy.subjects.requests import SubjectRequest


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
def copy_of_data(request: SubjectRequest) -> HttpResponse:
    """Answer with the copy as a JSON file."""
    body = json.dumps(make_copy(request.data_subject), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="my-data-{timezone.now():%Y-%m-%d}.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)
