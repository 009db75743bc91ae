"""Answers that clients keep: an ETag identifies an answer, and 304 says that it has not changed (RFC 9110, 13)."""

import hashlib
import json
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder


def etag_of(body: Any) -> str:
    """Return the entity tag of a body of JSON's types, dates and lazy texts."""
    text = json.dumps(body, sort_keys=True, cls=JSONEncoder)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tags_in(header: str) -> set[str]:
    """Return the entity tags in `If-Match` or `If-None-Match`; a tag that compression made weak counts, too."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()}


def answer_unless_known(request: Request, body: Any, *, max_age: int = 0) -> Response:
    """Return a public body that may be kept for `max_age` seconds; 304 if the client has it already.

    Each language has an answer of its own: `Vary` says so.
    """
    tag = etag_of(body)
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={max_age}" if max_age else "no-cache"}
    if tags_in(request.headers.get("If-None-Match", "")) & {"*", tag}:
        return Response(status=304, headers=headers)
    return Response(body, headers=headers)
