"""The schema of an operation: its name, its texts, its answers, and every problem that it may answer with."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from privacy.rest import problems
from privacy.rest.authentication import BearerScheme
from privacy.rest.problems import MEDIA_TYPE, Problem, ProblemType

_TOKEN = BearerScheme.name
_ALWAYS = (problems.BAD_REQUEST, problems.NOT_ACCEPTABLE)
_OF_A_PERSON = (problems.NOT_SIGNED_IN, problems.PASSWORD_CHANGE_REQUIRED, problems.CONSENT_REQUIRED)
_OF_A_BODY = (problems.BAD_JSON, problems.TOO_LARGE, problems.UNSUPPORTED_MEDIA_TYPE, problems.INVALID)
_OF_A_POST = (problems.KEY_INVALID, problems.KEY_REUSED, problems.IN_PROGRESS)
_LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The language of labels and errors: `en` or `zh-hans`."
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 16, "maxLength": 255, "pattern": "^[!-~]{16,255}$"},
    OpenApiParameter.HEADER,
    description="A unique key, such as a UUID. For 24 hours, a retry with it returns the first response.",
)

PAGE = (
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 50}, description="Rows per page."),
)
# For an answer that the client may already have.
CONDITIONAL = (
    OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, response=[200, 304], description="The version of the response."
    ),
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="The ETag that you have. The response is 304 if it is still current.",
    ),
)


class FieldError(serializers.Serializer):
    """An error of a field."""

    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people, in the requested language.")


class ProblemDetails(serializers.Serializer):
    """A problem (RFC 9457). Some codes have members of their own."""

    type = serializers.CharField(help_text="The address that explains the code.")
    title = serializers.CharField(help_text="What went wrong and what to do, in the requested language.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a member of the answer
        child=FieldError(many=True), required=False, help_text="Errors by field. Nested fields are written `a.b`."
    )


def operation(  # noqa: PLR0913 - a declaration, read by its keywords
    name: str,
    summary: str,
    *,
    answers: Mapping[Any, Any],
    body: Any = None,
    example: Mapping[str, Any] | None = None,
    response_example: Mapping[str, Any] | None = None,
    errors: Iterable[ProblemType] = (),
    parameters: Iterable[OpenApiParameter] = (),
    description: str = "",
    method: str = "",
    public: bool = False,
    continues: bool = False,
    at_the_gate: bool = False,
    tag: str = "",
) -> Callable[[Any], Any]:
    """Describe one operation. `answers` maps a status to a serializer, or to None if there is no body; a status with a
    media type is an answer that is not JSON.

    `public` operations need no sign-in; those with `at_the_gate` are open before the person has agreed. One that
    `continues` is public and takes the token of a sign-in that was begun. `errors` are the operation's own problems;
    those that every operation of its kind shares are added.
    """
    is_post = method == "POST"
    shared = _ALWAYS + (() if public or continues else _OF_A_PERSON[: 2 if at_the_gate else 3])
    # A body by media types is a file, whose operation names its own problems.
    shared += (_OF_A_BODY if body and not isinstance(body, Mapping) else ()) + (_OF_A_POST if is_post else ())
    examples = [OpenApiExample("request", value=example, request_only=True)] if example is not None else []
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description or summary,
        request=body,
        responses=_success(answers, response_example) | _problems([*shared, *errors]),
        parameters=[_LANGUAGE, *([_KEY] if is_post else []), *parameters],
        examples=examples,
        tags=[tag] if tag else None,
        auth=_security(public, continues),
    )


def _security(public: bool, continues: bool) -> Any:
    """The authentication of an operation: a token (the default), a token or nothing, nothing."""
    if continues:
        return [{_TOKEN: []}, {}]
    return [] if public else None


def _success(answers: Mapping[Any, Any], example: Mapping[str, Any] | None) -> dict[Any, Any]:
    described = {}
    for status, answer in answers.items():
        shown = [OpenApiExample("answer", value=example)] if example and answer else []
        described[status] = OpenApiResponse(answer, description=_MEANING.get(status, ""), examples=shown)
    return described


_MEANING = {200: "Done.", 201: "Created.", 202: "Started.", 204: "Done, without a body."}


def _problems(kinds: Iterable[ProblemType]) -> dict[tuple[int, str], OpenApiResponse]:
    ordered = sorted({kind.code: kind for kind in kinds}.values(), key=lambda kind: (kind.status, kind.code))
    with translation.override("en"):
        return {
            (int(status), MEDIA_TYPE): _described(list(same))
            for status, same in groupby(ordered, key=lambda kind: kind.status)
        }


def _described(kinds: list[ProblemType]) -> OpenApiResponse:
    return OpenApiResponse(
        ProblemDetails,
        description="\n".join(f"- `{kind.code}`: {kind.title}" for kind in kinds),
        examples=[OpenApiExample(kind.code, value=Problem(kind).body) for kind in kinds],
    )


def paged(name: str, row: type[serializers.Serializer]) -> serializers.Serializer:
    """Return the serializer of one page of rows."""
    return inline_serializer(name, {"results": row(many=True), "next": _page_link(), "previous": _page_link()})


def _page_link() -> serializers.URLField:
    return serializers.URLField(allow_null=True, help_text="The full address of that page, or null.")
