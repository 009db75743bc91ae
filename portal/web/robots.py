"""What search engines may list: the pages by which people come, and nothing about a person."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ROBOTS_TAG = "X-Robots-Tag"
# Names of URLs. All other answers say `noindex`: pages of an account, receipts, links of messages, errors, REST.
LISTED = frozenset(
    {
        "front",
        "register",
        "register_individual",
        "register_enterprise",
        "sign_in",
        "recover",
        "receipt_lookup",
        "requests",
        "policy_index",
        "policy_in_force",
        "policy_version",
    }
)
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /admin/\n"


def robots(_request: HttpRequest) -> HttpResponse:
    """Answer `/robots.txt`: what is not worth a visit. A page that must not be listed says so itself."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def may_be_listed(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether search engines may list an answer."""
    found = request.resolver_match
    return response.status_code == 200 and found is not None and found.url_name in LISTED  # noqa: PLR2004
