"""`me/enterprise/licence`: members read the state of the enterprise's licence, administrators and owners hand it in."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enterprises.licence import LicenceSeen, hand_in_licence, licence_seen
from accounts.enterprises.queries import standing_of
from accounts.enterprises.shapes import NEEDS, REFUSALS_OF_ACTS, TAG
from accounts.licences.api import CONTENT_DIGEST, FILE, FILE_ERRORS, FileParser, LicenceShown, file_of, presented
from privacy.pictures.making import MOST_BYTES
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import NOT_FOUND
from privacy.rest.schema import operation


class MyEnterpriseLicence(Endpoint):
    """`me/enterprise/licence`."""

    readable_at_the_gate = True
    limited_as = {"PUT": "licence"}
    largest_body = MOST_BYTES
    fresh_sign_in_for = ("PUT",)
    parser_classes = (FileParser,)  # type: ignore[assignment]  # its body is no JSON

    @operation(
        "enterprise_licence",
        "The business licence of the enterprise that I act for",
        answers={200: LicenceShown},
        errors=[NOT_FOUND],
        description=(
            "Members see its state and until when it is in force; administrators and owners also the reasons. `pages` "
            "is empty: the pictures are for the enterprise's own account, in `me/licence`."
        ),
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with its state."""
        return self._answer()

    @operation(
        "enterprise_licence_hand_in",
        "Hand in the business licence of the enterprise",
        answers={200: LicenceShown},
        body=FILE,
        errors=[*REFUSALS_OF_ACTS, *FILE_ERRORS],
        parameters=[CONTENT_DIGEST],
        description="For administrators and owners, as `PUT me/licence` is for the enterprise's own account. " + NEEDS,
        tag=TAG,
    )
    def put(self, request: Request) -> Response:
        """Store new pictures for a review."""
        hand_in_licence(by=self.subject, data=file_of(request))
        return self._answer()

    def _answer(self) -> Response:
        return Response(LicenceShown(_present(licence_seen(standing_of(self.subject)))).data)


def _present(seen: LicenceSeen) -> dict[str, Any]:
    """Return its values without the pictures; a plain member sees the state and its end."""
    values = presented(seen.licence) | {"is_in_force": seen.is_in_force, "pages": []}
    if seen.has_reasons:
        return values
    kept = {name: values[name] for name in ("state", "expires_at", "is_in_force")}
    return presented(None) | kept
