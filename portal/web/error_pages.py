"""Pages of errors that ask no database, and one that needs no template engine either."""

import logging
import math
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from portal.runtime.json_logs import request_id
from portal.web.brand import brand
from privacy.jurisdictions.jurisdictions import all_jurisdictions

logger = logging.getLogger(__name__)

# Read when the portal starts, and never rendered: what renders templates may be what fails.
PLAIN = (settings.BASE_DIR / "templates" / "plain_500.html").read_bytes()


def page_without_database(
    request: HttpRequest, template: str, status: HTTPStatus, *, retry_after: int = 0
) -> HttpResponse:
    """Answer with a page that extends `without_database.html`, in the language of the browser.

    It asks for no session and makes no query. `retry_after` are seconds. Where the page itself fails, the answer is a
    plain one, with the same status.
    """
    language = translation.get_language_from_request(request)
    try:
        with translation.override(language):
            content = render_to_string(template, _context(request, status, retry_after)).encode()
    except Exception:
        logger.exception("The page %s cannot be rendered.", template)
        content = PLAIN
    response = HttpResponse(content, status=status)
    response["Content-Language"] = language
    if retry_after:
        response["Retry-After"] = str(retry_after)
    add_never_cache_headers(response)
    return response


def _context(request: HttpRequest, status: HTTPStatus, retry_after: int) -> dict[str, object]:
    is_repeatable = request.method == "GET" and status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return {
        "brand": brand(),
        "jurisdictions": all_jurisdictions().values(),
        # The log names it for this status, see `portal.web.errors`.
        "reference": request_id() if status == HTTPStatus.INTERNAL_SERVER_ERROR else "",
        "minutes": math.ceil(retry_after / 60),
        "again": request.get_full_path() if is_repeatable else "",
    }
