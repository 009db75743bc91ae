"""Which requests a browser may see: those whose link it opened, and those that it proved a short time ago."""

import time

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from privacy.rights.choices import WITHOUT_PROOF
from privacy.rights.models.requests import RightsRequest
from privacy.subjects.freshness import is_fresh_sign_in
from privacy.subjects.references import read_reference

# The numbers of the requests whose link was opened in this session, when each was proven, and the last form's request.
OPENED, PROVEN, FILED = "opened_requests", "proven_requests", "filed_request"
MOST_OPENED = 20


def note_opened(http: HttpRequest, request: RightsRequest) -> None:
    """Remember in the session that a request was filed or its link opened; the oldest of many are forgotten."""
    others = [number for number in http.session.get(OPENED, []) if number != str(request.pk)]
    http.session[OPENED] = [*others, str(request.pk)][-MOST_OPENED:]


def note_filed(http: HttpRequest, request: RightsRequest, submission: str) -> None:
    """Remember a request that this session filed, and by which form: sent twice, it files one request."""
    note_opened(http, request)
    http.session[FILED] = [submission, request.reference]


def filed_before(http: HttpRequest, submission: str) -> str | None:
    """Return the reference of the request that a form filed already in this session, else None."""
    number, reference = http.session.get(FILED, ["", ""])
    return str(reference) if number == submission else None


def note_proven(http: HttpRequest, request: RightsRequest) -> None:
    """Remember in the session that the person proved now who they are, for one request."""
    opened = http.session.get(OPENED, [])
    kept = {number: at for number, at in http.session.get(PROVEN, {}).items() if number in opened}
    http.session[PROVEN] = kept | {str(request.pk): time.time()}


def opened_request(http: HttpRequest, reference: str) -> RightsRequest | None:
    """Return a request that was opened in this session or is the signed-in person's own, else None."""
    mine = Q(pk__in=http.session.get(OPENED, []))
    if http.user.is_authenticated:
        mine |= Q(subject=http.data_subject)  # type: ignore[attr-defined]
    found = RightsRequest.objects.filter(mine, reference=read_reference(reference))
    return found.prefetch_related("items").first()


def opened_requests(http: HttpRequest) -> list[RightsRequest]:
    """Return the requests that were filed or opened in this session, newest first, each with `is_masked`."""
    numbers = http.session.get(OPENED, [])
    found = list(RightsRequest.objects.filter(pk__in=numbers).order_by("-received_at") if numbers else ())
    for request in found:
        is_proven = request.proven_at is not None and may_see_answer(http, request)
        request.is_masked = is_masked(http, request, may_see=is_proven)  # type: ignore[attr-defined]
    return found


def is_own(http: HttpRequest, request: RightsRequest) -> bool:
    """Whether a request is the signed-in person's."""
    return http.user.is_authenticated and request.subject_id == http.data_subject.pk  # type: ignore[attr-defined]


def may_see_answer(http: HttpRequest, request: RightsRequest) -> bool:
    """Whether a page shows the answer: this session proved recently who asks, by a code or by a fresh sign-in."""
    proven_at = http.session.get(PROVEN, {}).get(str(request.pk), 0)
    is_proven = time.time() - proven_at < settings.FRESH_SIGN_IN.total_seconds()
    return is_proven or is_answer_open(http, request)


def is_masked(http: HttpRequest, request: RightsRequest, *, may_see: bool) -> bool:
    """Whether a proven request is seen by someone who knows its link only; `may_see` is whether they see the answer.

    Who filed it may be a stranger: the states of its items would tell them whether there is an account. Those of
    complaints, questions and reports of a child tell nothing, and are not masked.
    """
    if all(item.right in WITHOUT_PROOF for item in request.items.all()):
        return False
    return request.proven_at is not None and not may_see and not is_own(http, request)


def is_answer_open(http: HttpRequest, request: RightsRequest) -> bool:
    """Whether the person of the request signed in a short time ago; the link alone opens no answer, of any right."""
    return is_own(http, request) and is_fresh_sign_in(http)
