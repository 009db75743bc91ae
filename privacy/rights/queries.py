"""Which requests are open, near their due time or late, and which belong to whom."""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from privacy.erasure.models import ErasureCase
from privacy.notices.models import Notice
from privacy.rights.choices import ItemState, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.proof.tokens import keyed
from privacy.subjects.references import read_reference

SEE_REQUESTS, FILE_REQUESTS, WORK_REQUESTS = (
    "privacy.view_rightsrequest",
    "privacy.file_request",
    "privacy.work_request",
)
# The states of a cancellation that decide the deletion that asked for it.
OVER = (ErasureCase.State.ERASED, ErasureCase.State.HELD, ErasureCase.State.UNDONE)
SEE_STEPS = "privacy.view_requestrecord"
# Whose account it is that a document names: the portal then hands out its data, or cancels it.
PROVE_IDENTITY = "privacy.prove_identity"
# An alarm is raised when a request enters each of these, and again when it is late.
ALARMS = (dt.timedelta(days=7), dt.timedelta(days=3), dt.timedelta(days=1), dt.timedelta(hours=4))


def open_requests() -> QuerySet[RightsRequest]:
    """Return the requests that are not closed, those that are due first first."""
    return RightsRequest.objects.filter(closed_at__isnull=True).order_by("due_at")


def endangered_requests() -> QuerySet[RightsRequest]:
    """Return the open requests that are due within seven days, and not late."""
    return requests_due_within(ALARMS[0])


def late_requests() -> QuerySet[RightsRequest]:
    """Return the open requests whose due time has passed."""
    return open_requests().filter(due_at__lt=Now())


def child_reports() -> QuerySet[RightsRequest]:
    """Return the open requests that report a child without a guardian's consent, and are not decided on that yet."""
    return open_requests().filter(Exists(_reports_of_a_child()))


# The order in which staff work requests: reports of children, then those that are due first.
QUEUE_ORDER = ("-is_child_report", "due_at")


def as_queued(requests: QuerySet[RightsRequest]) -> QuerySet[RightsRequest]:
    """Return requests with `is_late` and `is_child_report`, which `QUEUE_ORDER` names."""
    return with_lateness(requests).annotate(is_child_report=Exists(_reports_of_a_child()))


def with_lateness(requests: QuerySet[RightsRequest]) -> QuerySet[RightsRequest]:
    """Return requests, each with `is_late`: it was closed after its due time, or is open and overdue."""
    return requests.annotate(is_late=Q(due_at__lt=Coalesce("closed_at", Now())))


def requests_of(subject_id: UUID) -> QuerySet[RightsRequest]:
    """Return a person's requests with their items, newest first."""
    return RightsRequest.objects.filter(subject_id=subject_id).prefetch_related("items").order_by("-received_at")


def answers_to(subject_id: UUID) -> QuerySet[RequestMessage]:
    """Return what was answered to a person's requests, newest first, without the notes of staff."""
    answers = RequestMessage.objects.filter(request__subject_id=subject_id, kind=RequestMessage.Kind.ANSWER)
    return answers.select_related("request").order_by("-at")


def request_with_token(reference: str, token: str) -> RightsRequest | None:
    """Return the request of a typed reference if the token is its own, else None: both cases look alike."""
    found = RightsRequest.objects.filter(reference=read_reference(reference), token_hash=keyed(token, "token"))
    return found.prefetch_related("items").first()


def request_of(request_id: UUID) -> RightsRequest:
    """Return a request as it is stored now, with its items."""
    return RightsRequest.objects.prefetch_related("items").get(pk=request_id)


def items_to_carry_out() -> QuerySet[RequestItem]:
    """Return the items that the portal carries out by itself, oldest first.

    Among them are deletions whose cancellation is over: undone, or carried out.
    """
    is_over = ErasureCase.objects.filter(state__in=OVER).values("pk")
    ready = Q(state=ItemState.PROVEN) | Q(state=ItemState.COOLING_OFF, carried_out_by__in=is_over)
    return RequestItem.objects.filter(ready).order_by("request__received_at", "pk")


def steps_of(request: RightsRequest) -> QuerySet[RequestRecord]:
    """Return the evidence of a request, oldest first."""
    return RequestRecord.objects.filter(request=request.pk).order_by("position")


def answers_of(request: RightsRequest) -> QuerySet[RequestMessage]:
    """Return the answers of staff to one request, oldest first, without their notes."""
    return request.messages.filter(kind=RequestMessage.Kind.ANSWER).order_by("at")


def answers_to_follow() -> QuerySet[RequestMessage]:
    """Return the answers whose message waits, was sent, failed since, or was reported later as not delivered."""
    followed = Q(handed_over_at=None) | Q(notice__in=_failed_messages())
    return RequestMessage.objects.filter(followed, notice__isnull=False, failed_at=None).order_by("at")


def extensions_to_follow() -> QuerySet[Extension]:
    """Return the extensions of open requests whose notice waits, was sent, or was reported later as not delivered."""
    followed = Q(handed_over_at=None) | Q(notice__in=_failed_messages())
    return Extension.objects.filter(followed, void_at=None, request__closed_at=None).order_by("decided_at")


def void_extensions() -> QuerySet[Extension]:
    """Return the void extensions of open requests: these are due as at first."""
    void = Extension.objects.filter(void_at__isnull=False, request__closed_at=None)
    return void.select_related("request").order_by("void_at")


def undelivered_answers() -> QuerySet[RequestMessage]:
    """Return the answers that did not reach the person, and that no later answer replaces.

    A letter that was posted after the message failed did.
    """
    not_reached = Q(handed_over_at=None) | Q(failed_at__gt=F("handed_over_at"))
    later = RequestMessage.objects.filter(
        request=OuterRef("request"), at__gt=OuterRef("at"), handed_over_at__isnull=False, failed_at=None
    )
    failed = RequestMessage.objects.filter(not_reached, failed_at__isnull=False)
    return failed.exclude(Exists(later)).select_related("request").order_by("failed_at")


def _failed_messages() -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.FAILED)


def letters_to_post() -> QuerySet[RequestMessage]:
    """Return the answers by post that no one noted as posted yet."""
    letters = RequestMessage.objects.filter(kind=RequestMessage.Kind.ANSWER, notice=None, handed_over_at=None)
    return letters.select_related("request").order_by("at")


def requests_due_within(left: dt.timedelta) -> QuerySet[RightsRequest]:
    """Return the open requests that are due within this time, and not late."""
    return open_requests().filter(due_at__gte=Now(), due_at__lt=Now() + left)


def requests_to_lose() -> QuerySet[RequestRecord]:
    """Return the last step of each request that a restore lost, that is to be answered, and that was not noted as lost.

    A request that is gone for another reason was closed, or erased with its account. Reads all evidence of requests.
    """
    noted = (RequestRecord.Act.CLOSED, RequestRecord.Act.ERASED, RequestRecord.Act.LOST)
    return _last_steps().exclude(act__in=noted).order_by("due_at")


def lost_requests() -> QuerySet[RequestRecord]:
    """Return the step of each request that a restore lost and with which no one has dealt since, by due time."""
    return _last_steps().filter(act=RequestRecord.Act.LOST).order_by("due_at")


def _last_steps() -> QuerySet[RequestRecord]:
    """Return the last step of each request that the database does not have."""
    later = RequestRecord.objects.filter(reference=OuterRef("reference"), position__gt=OuterRef("position"))
    there = RightsRequest.objects.filter(pk=OuterRef("request"))
    return RequestRecord.objects.filter(~Exists(later), ~Exists(there))


def _reports_of_a_child() -> QuerySet[RequestItem]:
    return RequestItem.objects.filter(request=OuterRef("pk"), right=Right.CHILD, decided_at__isnull=True)


def extension_in_force(request: RightsRequest) -> Extension | None:
    """Return the extension of a request's time whose notice was handed over; None without one, or if it is void."""
    handed_over = Extension.objects.filter(request=request, handed_over_at__isnull=False, void_at__isnull=True)
    return handed_over.first()
