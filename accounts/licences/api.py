"""`me/licence`: hand in a business licence as the body of a request, follow its review, delete it."""

from http import HTTPStatus
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.licences.digests import DigestWrong, check_digest
from accounts.licences.files import StoreAway
from accounts.licences.models import Licence
from accounts.licences.queries import licence_in_force, present_licence
from accounts.licences.services import BUSY, RETRY_SECONDS, NotAnEnterprise, TooManyDrawings, delete_all, hand_in
from accounts.licences.states import LicenceField, LicenceState, ReturnCode
from privacy.pictures.making import MOST_BYTES, REASONS, FileRefused
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import NOT_FOUND, RATE_LIMITED, TOO_LARGE, UNAVAILABLE, Problem, ProblemType, problem_type
from privacy.rest.schema import operation

TAG = "Licence"
NONE = "none"
TYPES = ("application/pdf", "image/jpeg", "image/png", "application/octet-stream")
_STATUS = dict.fromkeys(("unknown_type", "heic"), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
PROBLEMS: dict[str, ProblemType] = {
    code: problem_type(code, _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY), words)
    for code, words in REASONS.items()
    if code != TOO_LARGE.code
} | {TOO_LARGE.code: TOO_LARGE}
DIGEST_WRONG = problem_type(
    "content_digest", HTTPStatus.BAD_REQUEST, _("`Content-Digest` is not that of the body. Send the file again.")
)
BUSY_DRAWING = problem_type("busy", HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
ENTERPRISES_ONLY = problem_type(
    "enterprises_only", HTTPStatus.FORBIDDEN, _("Only enterprises hand in a business licence.")
)
_RETRY = {"Retry-After": str(RETRY_SECONDS)}
answer_with(FileRefused, lambda refused: Problem(PROBLEMS[refused.code]))
answer_with(DigestWrong, lambda _error: Problem(DIGEST_WRONG))
answer_with(NotAnEnterprise, lambda _error: Problem(ENTERPRISES_ONLY))
answer_with(TooManyDrawings, lambda _error: Problem(BUSY_DRAWING, headers=_RETRY))
answer_with(StoreAway, lambda _error: Problem(UNAVAILABLE, headers=_RETRY))
FILE = dict.fromkeys(TYPES, OpenApiTypes.BINARY)
FILE_ERRORS = [*PROBLEMS.values(), DIGEST_WRONG, BUSY_DRAWING, UNAVAILABLE, RATE_LIMITED]
CONTENT_DIGEST = OpenApiParameter(
    "Content-Digest",
    str,
    OpenApiParameter.HEADER,
    description="The SHA-256 or SHA-512 of the file (RFC 9530), such as `sha-256=:BASE64:`. It is checked.",
)


class LicencePageShown(serializers.Serializer):
    """A picture that the portal made of a page."""

    number = serializers.IntegerField()
    type = serializers.ChoiceField(["image/png", "image/jpeg"], source="content_type")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bytes = serializers.IntegerField(source="size")
    sha256 = serializers.CharField(source="picture_digest", help_text="The SHA-256 of the picture.")


class LicenceShown(serializers.Serializer):
    """The licence, and what became of it."""

    state = serializers.ChoiceField([NONE, *LicenceState.values])
    handed_in_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="By when we look at it.")
    decided_at = serializers.DateTimeField(allow_null=True)
    code = serializers.ChoiceField(
        ["", *ReturnCode.values], help_text="Why it was returned; stable, for programs. Empty otherwise."
    )
    message = serializers.CharField(help_text="The same for people. Empty otherwise.")
    field = serializers.ChoiceField(["", *LicenceField.values], help_text="The detail that is wrong, if one is.")
    words = serializers.CharField(help_text="What our staff wrote; may be empty.")
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="The end of an approval; null without a fixed term, or without an approval."
    )
    is_in_force = serializers.BooleanField(
        help_text="True if an approved licence is in force, this one or the one before it."
    )
    pages = LicencePageShown(many=True)


class FileParser(BaseParser):
    """Takes the body as it is; the endpoint looks at its type."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes of the body."""
        return stream.read()


class MyLicence(Endpoint):
    """`me/licence`."""

    readable_at_the_gate = True
    limited_as = {"PUT": "licence"}
    largest_body = MOST_BYTES
    parser_classes = (FileParser,)  # type: ignore[assignment]  # the one endpoint whose body is no JSON

    @operation("licence", "My business licence", answers={200: LicenceShown}, at_the_gate=True, tag=TAG)
    def get(self, request: Request) -> Response:
        """Answer with its state."""
        return self._answer()

    @operation(
        "licence_hand_in",
        "Hand in my business licence",
        answers={200: LicenceShown},
        body=FILE,
        errors=[*FILE_ERRORS, ENTERPRISES_ONLY],
        parameters=[CONTENT_DIGEST],
        description=(
            "The file is the body: a PDF, or a JPEG or PNG picture. The portal makes new pictures of its pages and "
            "keeps only these. The same file again changes nothing. An approved licence stays in force until the new "
            "one is decided."
        ),
        tag=TAG,
    )
    def put(self, request: Request) -> Response:
        """Store new pictures for a review."""
        hand_in(subject=self.subject, data=file_of(request))
        return self._answer()

    @operation(
        "licence_delete",
        "Delete my business licence and its pictures",
        answers={204: None},
        errors=[NOT_FOUND],
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """Delete it."""
        if not delete_all(subject=self.subject):
            raise Problem(NOT_FOUND)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _answer(self) -> Response:
        licence = present_licence(self.subject.pk)
        shown = presented(licence) | {"is_in_force": licence_in_force(self.subject.pk) is not None}
        return Response(LicenceShown(shown).data)


def file_of(request: Request) -> bytes:
    """Return the file that is the body of a request. Raises `Problem`, `DigestWrong`."""
    data = request.data if isinstance(request.data, bytes) else b""
    if data and request.content_type.partition(";")[0].strip().lower() not in TYPES:
        raise Problem(PROBLEMS["unknown_type"])
    check_digest(request.headers.get("Content-Digest", ""), data)
    return data


def presented(licence: Licence | None) -> dict[str, Any]:
    """Return the values of `LicenceShown`, without `is_in_force`."""
    times = ("handed_in_at", "due_at", "decided_at", "expires_at")
    if licence is None:
        return {"state": NONE, "code": "", "message": "", "field": "", "words": "", "pages": []} | dict.fromkeys(times)
    return {
        "state": licence.state,
        "code": licence.code,
        "message": str(licence.get_code_display()),
        "field": licence.field,
        "words": str(licence.words or ""),
        "pages": list(licence.pages.all()),
        **{name: getattr(licence, name) for name in times},
    }
