"""`requests`, `requests/REFERENCE`, its proof and codes, and `me/requests`."""

from typing import Any

from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.notices.addresses import ContactAddress
from privacy.policies.api import STORED_ELSEWHERE
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import INVALID, NOT_FOUND, RATE_LIMITED, WRONG_CODE, Problem, problem_type
from privacy.rest.schema import PAGE, operation, paged
from privacy.rest.strangers import PROOF_REQUIRED, check_stranger
from privacy.rights.api.answers import present, present_in_full
from privacy.rights.api.bodies import (
    EXAMPLE,
    ProofGiven,
    RequestFiled,
    RequestGiven,
    RequestInFull,
    RequestShown,
    WithdrawalGiven,
)
from privacy.rights.api.checks import checked_request, with_form_errors
from privacy.rights.asking import file_for, known_of
from privacy.rights.choices import Channel, Contact
from privacy.rights.forms.people import ProofForm
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_proof_code
from privacy.rights.proof.in_session import is_answer_open, is_masked
from privacy.rights.proof.limits import count_guess, count_new_code
from privacy.rights.proof.proving import WrongCode, check_code
from privacy.rights.queries import request_of, request_with_token, requests_of
from privacy.rights.showing import withdrawable
from privacy.rights.states.moving import MoveRefused
from privacy.rights.states.withdrawing import withdraw_items
from privacy.subjects.references import read_reference

TAG = "Requests"
TOKEN = "Request-Token"  # noqa: S105 - the name of a header
PLACE = [
    OpenApiParameter("reference", str, OpenApiParameter.PATH, description="The `reference` of a request."),
    OpenApiParameter(
        TOKEN,
        str,
        OpenApiParameter.HEADER,
        description="The `token` of the request. Not needed by the signed-in person whose request it is.",
    ),
]
NOT_WITHDRAWABLE = problem_type(
    "not_withdrawable", 409, _("This cannot be withdrawn: it is decided, or is being carried out.")
)
answer_with(MoveRefused, lambda _error: Problem(NOT_WITHDRAWABLE))
answer_with(WrongCode, lambda _error: Problem(WRONG_CODE))


class Requests(Endpoint):
    """`requests`."""

    public = key_is_secret = True
    limited_as = {"POST": "request"}

    @operation(
        "requests_add",
        "File a request about personal data, with or without signing in",
        answers={201: RequestFiled},
        body=RequestGiven,
        example=EXAMPLE,
        errors=[STORED_ELSEWHERE, RATE_LIMITED, PROOF_REQUIRED],
        description=(
            "A code is sent to `contact`; send it to `requests/{reference}/proof`. A fresh sign-in needs no code, and "
            "neither do complaints, questions and reports of a child: a code from `requests/{reference}/code` opens "
            "their answer. "
            "The answer is due at `due_at`, whether or not the code was sent back."
        ),
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """File it."""
        known = known_of(self.http)
        given, errors = self.partly_checked(RequestGiven)
        asked, errors = checked_request(given, errors, known)
        check_stranger(self.http, errors)
        if errors or asked is None:
            raise Problem(INVALID, errors=errors)
        with translation.override(asked.language):
            filed = file_for(
                self.http,
                known=known,
                items=asked.items,
                reached=ContactAddress(asked.channel, asked.address),
                country=asked.country,
                channel=Channel.REST,
                about=asked.about,
            )
        return Response(present(filed.request) | {"token": filed.token}, status=201)


class OneRequest(Endpoint):
    """`requests/<reference>`."""

    public = True
    limited_as = {"GET": "receipt", "HEAD": "receipt"}

    @operation(
        "requests_state",
        "Get the progress of a request",
        answers={200: RequestInFull},
        errors=[NOT_FOUND, RATE_LIMITED],
        parameters=PLACE,
        description=(
            "Answers and reasons of a refusal are null, unless the person whose request it is signed in a short time "
            "ago. Otherwise send a new code to `proof`, whose response has them. "
            "After the proof, a `Request-Token` alone shows no outcome: items are `proven`, the request is `open`."
        ),
        continues=True,
        tag=TAG,
    )
    def get(self, request: Request, reference: str) -> Response:
        """Answer with items and steps."""
        found = _found(self, reference)
        return Response(_in_full(self, found))


class RequestProof(Endpoint):
    """`requests/<reference>/proof`."""

    public = True
    limited_as = {"POST": "confirm_code"}

    @operation(
        "requests_prove",
        "Prove with a code who asks; the response has the answers",
        answers={200: RequestInFull},
        body=ProofGiven,
        example={"code": "047281"},
        errors=[WRONG_CODE, NOT_FOUND, RATE_LIMITED],
        parameters=PLACE,
        description=(
            "Where `second_code_sent` is true, data is to be handed out, and a second code went to another contact "
            "point of the account: send it here, too."
        ),
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request, reference: str) -> Response:
        """Check the code."""
        given, errors = self.partly_checked(ProofGiven)
        code = with_form_errors(ProofForm(given), errors)
        found = _found(self, reference)
        count_guess(self.http, str(found.address))
        is_proven = check_code(request=found, code=code)
        now = request_of(found.pk)
        masked = is_masked(self.http, now, may_see=is_proven)
        return Response(present_in_full(now, is_open=is_proven, is_masked=masked))


class RequestCode(Endpoint):
    """`requests/<reference>/code`."""

    public = True
    limited_as = {"POST": "request_code"}

    @operation(
        "requests_code",
        "Send a new code to the address that the request names; earlier ones end",
        answers={204: None},
        errors=[NOT_FOUND, RATE_LIMITED],
        parameters=PLACE,
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request, reference: str) -> Response:
        """Send it."""
        found = _found(self, reference)
        if found.contact != Contact.POST:
            count_new_code(self.http, str(found.address))
            send_proof_code(found)
        return Response(status=204)


class RequestWithdrawal(Endpoint):
    """`requests/<reference>/withdraw`."""

    public = True
    limited_as = {"POST": "receipt"}

    @operation(
        "requests_withdraw",
        "Withdraw an item of a request, or all of them",
        answers={200: RequestInFull},
        body=WithdrawalGiven,
        example={"right": "access"},
        errors=[NOT_WITHDRAWABLE, NOT_FOUND, RATE_LIMITED],
        parameters=PLACE,
        description=(
            "Items that are decided stay as they are. A deletion whose account is cancelled already is not withdrawn "
            "here: the person keeps the account by signing in. After the proof, what needed it is withdrawn by "
            "the signed-in person, or on the page of the request after a new code: a `Request-Token` alone does not."
        ),
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request, reference: str) -> Response:
        """Withdraw all of them, or none."""
        found = _found(self, reference)
        right = self.checked(WithdrawalGiven).get("right")
        masked = is_masked(self.http, found, may_see=is_answer_open(self.http, found))
        items = [item for item in withdrawable(found, is_masked=masked) if right in (None, item.right)]
        if not items:
            raise Problem(NOT_WITHDRAWABLE)
        withdraw_items(items)
        return Response(_in_full(self, request_of(found.pk)))


class MyRequests(Endpoint):
    """`me/requests`."""

    at_the_gate = True

    @operation(
        "my_requests",
        "List my requests, newest first",
        answers={200: paged("RequestPage", RequestShown)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        return self.page(requests_of(self.subject.pk), "-received_at", present)


def _in_full(endpoint: Endpoint, found: RightsRequest) -> dict[str, Any]:
    """Return a request as its reader may see it: after the proof, who knows only its token sees no outcome."""
    is_open = is_answer_open(endpoint.http, found)
    return present_in_full(found, is_open=is_open, is_masked=is_masked(endpoint.http, found, may_see=is_open))


def _found(endpoint: Endpoint, reference: str) -> RightsRequest:
    """Return the request of a reference and its token, or of the signed-in person.

    A reference or a token of another request is answered as an unknown one.
    """
    http: Any = endpoint.http
    found = request_with_token(reference, http.headers.get(TOKEN, ""))
    if found is None and http.user.is_authenticated:
        found = requests_of(http.data_subject.pk).filter(reference=read_reference(reference)).first()
    if found is None:
        raise Http404
    return found
