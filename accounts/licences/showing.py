"""Answers with the picture of a page: shown, never run, never kept by a browser or a cache."""

from http import HTTPStatus

from csp.constants import HEADER
from django.http import Http404, HttpResponse

from accounts.licences.files import FileGone, StoreAway, read_page
from accounts.licences.models import LicencePage
from accounts.licences.services import RETRY_SECONDS
from privacy.encryption.keys import KeyDestroyed, KeyMissing

POLICY = "sandbox; default-src 'none'"


def picture_response(page: LicencePage) -> HttpResponse:
    """Return the picture of a page, or 503 where the store does not answer. Raises `Http404` where it is gone."""
    try:
        picture = read_page(page)
    except (FileGone, KeyDestroyed, KeyMissing):
        raise Http404 from None
    except StoreAway:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)})
    response = HttpResponse(picture, content_type=page.content_type)
    response[HEADER] = POLICY
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    # nginx would write a large one to a disk.
    response["X-Accel-Buffering"] = "no"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
