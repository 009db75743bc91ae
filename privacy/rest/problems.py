"""Problem details (RFC 9457): one stable code for each kind of problem, with text for the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
Errors = Mapping[str, list[dict[str, str]]]
# No form has this many fields, or names or messages this long: anything more only repeats what was sent.
MOST_ERRORS, LONGEST_NAME, LONGEST_MESSAGE = 50, 100, 300


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem: its stable code, its status, and what to do about it."""

    code: str
    status: HTTPStatus
    title: str | Promise


PROBLEMS: dict[str, ProblemType] = {}


def problem_type(code: str, status: int, title: str | Promise) -> ProblemType:
    """Declare a kind of problem; a package declares its own beside the endpoint that answers with it."""
    PROBLEMS[code] = ProblemType(code, HTTPStatus(status), title)
    return PROBLEMS[code]


INVALID = problem_type("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, _("Some fields are invalid. See `errors`."))
BAD_JSON = problem_type("bad_json", HTTPStatus.BAD_REQUEST, _("Send one JSON object in UTF-8."))
BAD_REQUEST = problem_type("bad_request", HTTPStatus.BAD_REQUEST, _("The request cannot be read."))
HTTPS_REQUIRED = problem_type(
    "https_required",
    HTTPStatus.FORBIDDEN,
    _("Use HTTPS. This request was not encrypted: change the password or token that it held."),
)
NOT_SIGNED_IN = problem_type(
    "not_signed_in", HTTPStatus.UNAUTHORIZED, _("Sign in, and send the token as `Authorization: Bearer`.")
)
ALREADY_SIGNED_IN = problem_type(
    "already_signed_in",
    HTTPStatus.CONFLICT,
    _("This token is already signed in. Send no token, or sign out first with `DELETE auth/session`."),
)
FORBIDDEN = problem_type("forbidden", HTTPStatus.FORBIDDEN, _("You do not have permission to do this."))
FRESH_SIGN_IN_REQUIRED = problem_type(
    "fresh_sign_in_required", HTTPStatus.FORBIDDEN, _("Confirm that it's you at `auth/again`, then retry.")
)
PASSWORD_CHANGE_REQUIRED = problem_type(
    "password_change_required",
    HTTPStatus.FORBIDDEN,
    _("Someone else chose this password. Set your own at `auth/password`, then continue."),
)
CONSENT_REQUIRED = problem_type(
    "consent_required",
    HTTPStatus.FORBIDDEN,
    _("The policy changed. Show what changed, and accept it at `me/consents` or cancel the account."),
)
NOT_FOUND = problem_type("not_found", HTTPStatus.NOT_FOUND, _("Not found."))
METHOD_NOT_ALLOWED = problem_type(
    "method_not_allowed", HTTPStatus.METHOD_NOT_ALLOWED, _("Method not allowed. See `Allow`.")
)
NOT_ACCEPTABLE = problem_type("not_acceptable", HTTPStatus.NOT_ACCEPTABLE, _("Only JSON responses are available."))
TOO_LARGE = problem_type("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request body is too large."))
LENGTH_REQUIRED = problem_type(
    "length_required", HTTPStatus.LENGTH_REQUIRED, _("Send `Content-Length`: chunked request bodies are not accepted.")
)
UNSUPPORTED_MEDIA_TYPE = problem_type(
    "unsupported_media_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Send `Content-Type: application/json`.")
)
MAINTENANCE = problem_type(
    "maintenance", HTTPStatus.SERVICE_UNAVAILABLE, _("The portal is under maintenance. Retry after `Retry-After`.")
)
UNAVAILABLE = problem_type(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    _("The portal cannot store or read data at the moment. Send the request again after `Retry-After`."),
)
RATE_LIMITED = problem_type(
    "rate_limited", HTTPStatus.TOO_MANY_REQUESTS, _("Too many attempts. Retry after `Retry-After`.")
)
WRONG_CODE = problem_type(
    "wrong_code",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    _("This code is wrong or has expired. Check the latest message, or request a new code."),
)
KEY_REUSED = problem_type(
    "idempotency_key_reused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    _("This Idempotency-Key was already used for a different request. Use a new one for each request."),
)
KEY_INVALID = problem_type(
    "idempotency_key_invalid",
    HTTPStatus.BAD_REQUEST,
    _("An Idempotency-Key must have 16 to 255 visible ASCII characters."),
)
IN_PROGRESS = problem_type(
    "request_in_progress", HTTPStatus.CONFLICT, _("The first request with this Idempotency-Key is still in progress.")
)
INTERNAL = problem_type(
    "internal", HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong on our side. Try again with the same key.")
)


class Problem(Exception):
    """Answers a request with a problem; `more` are extension members, `headers` go with the answer."""

    def __init__(
        self, kind: ProblemType, *, errors: Errors | None = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.headers = dict(headers or {})
        self.more = ({"errors": _bounded(errors)} if errors else {}) | more

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        return {
            "type": f"/api/v1/problems/{self.kind.code}",
            "title": str(self.kind.title),
            "status": int(self.kind.status),
            "code": self.kind.code,
            **self.more,
        }

    def response(self) -> JsonResponse:
        """Return the answer for callers outside an endpoint, such as middleware."""
        return JsonResponse(self.body, status=self.kind.status, content_type=MEDIA_TYPE, headers=self.headers)


def field_error(code: str, message: object) -> dict[str, str]:
    """Return one entry of `errors`."""
    return {"code": code or "invalid", "message": str(message)[:LONGEST_MESSAGE]}


def _bounded(errors: Errors) -> Errors:
    """Return at most `MOST_ERRORS` errors in total, so that an answer is much smaller than the request it refuses."""
    fields = islice(errors.items(), MOST_ERRORS)
    entries = ((name[:LONGEST_NAME], entry) for name, found in fields for entry in found)
    bounded: dict[str, list[dict[str, str]]] = {}
    for name, entry in islice(entries, MOST_ERRORS):
        bounded.setdefault(name, []).append(entry)
    return bounded
