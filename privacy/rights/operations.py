"""Operations of requests: data store, message, sweep, permissions, and alarms before an answer is late."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from privacy.export.copy_rows import CopyRows
from privacy.journal.restores import AfterRestore
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, SUPPORT, Permissions
from privacy.operations.staff_pages import FirstPagePart, PersonPart, newest
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Severity, Watched
from privacy.rights import tasks
from privacy.rights.account_page import REQUESTS_PAGE
from privacy.rights.carrying_out.stopping import STOP
from privacy.rights.data_store import RequestsStore
from privacy.rights.models.documents import RequestDocument
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.notices import ANSWERED, CARRIED_OUT, CODE, DECIDED, DOCUMENT, EXTENDED, NOT_PROVEN, RECEIPT
from privacy.rights.proof.discarding import documents_to_destroy
from privacy.rights.queries import (
    ALARMS,
    FILE_REQUESTS,
    PROVE_IDENTITY,
    SEE_REQUESTS,
    SEE_STEPS,
    WORK_REQUESTS,
    answers_to,
    child_reports,
    endangered_requests,
    late_requests,
    lost_requests,
    open_requests,
    requests_due_within,
    requests_of,
    undelivered_answers,
    void_extensions,
)
from privacy.rights.restoring.journal import REQUESTS
from privacy.rights.restoring.replay import restore_requests
from privacy.rights.staff.first_page import needed_requests, requests_for


def _line(request: RightsRequest) -> str:
    return f"request {request.reference} must be answered by {request.due_at:%Y-%m-%d %H:%M} UTC"


def _of_person(subject_id: UUID) -> dict[str, Any]:
    return newest(requests_of(subject_id).prefetch_related(None), "privacy_rightsrequest", subject_id)


def _void_lines() -> Iterator[tuple[str, str]]:
    # A second extension may be void, too: it is another alarm.
    for extension in void_extensions():
        request, kind = extension.request, f"request_extensions_void:{extension.pk}:{extension.void_at:%Y%m%dT%H%M%S}"
        yield kind, f"the extension is void, {_line(request)}"


def _overdue_pictures() -> QuerySet[RequestDocument]:
    # The sweep runs once an hour.
    return documents_to_destroy(late_by=dt.timedelta(hours=3))


OPERATIONS = [
    RequestsStore(),
    # Without the notes of staff.
    CopyRows(RequestMessage, answers_to),
    Message(CODE, MessagePurpose.UNPROVEN_CODE),
    Message(RECEIPT, MessagePurpose.UNPROVEN),
    Message(DECIDED),
    Message(ANSWERED),
    Message(EXTENDED),
    Message(CARRIED_OUT),
    Message(STOP),
    Message(NOT_PROVEN, MessagePurpose.UNPROVEN),
    Message(DOCUMENT),
    Sweep("items of requests", tasks.carry_out_items),
    Sweep("messages about requests", tasks.follow_request_messages),
    Sweep("requests that no one proved", tasks.close_unproven),
    Sweep("keys of requests that are gone", tasks.destroy_orphaned_keys, dt.timedelta(hours=1)),
    Sweep("pictures of documents", tasks.destroy_pictures, dt.timedelta(hours=1)),
    Permissions(dict.fromkeys((PRIVACY_OFFICER, SUPPORT), (SEE_REQUESTS, FILE_REQUESTS, WORK_REQUESTS))),
    # Who confirms whose account it is may cancel accounts, too.
    Permissions({PRIVACY_OFFICER: (PROVE_IDENTITY,)}),
    # The register and its evidence, without the words of people.
    Permissions({AUDITOR: (SEE_REQUESTS, SEE_STEPS), PRIVACY_OFFICER: (SEE_STEPS,)}),
    Watched("requests_open", _("Open requests of people"), rows=open_requests, seen_by=SEE_REQUESTS),
    Watched(
        "requests_endangered",
        _("Requests due within seven days"),
        rows=endangered_requests,
        rows_within=requests_due_within,
        steps=ALARMS,
        deadline="due_at",
        severity=Severity.ONCE,
        line=_line,
        seen_by=SEE_REQUESTS,
    ),
    Watched(
        "requests_late",
        _("Requests that were not answered in time"),
        rows=late_requests,
        deadline="due_at",
        severity=Severity.URGENT,
        line=_line,
        seen_by=SEE_REQUESTS,
    ),
    Watched(
        "children_reported",
        _("Reports of children without a parent's consent"),
        rows=child_reports,
        deadline="due_at",
        severity=Severity.URGENT,
        line=lambda request: f"a child without consent is reported: find and suspend the account, {_line(request)}",
        seen_by=SEE_REQUESTS,
    ),
    Watched(
        "request_answers_undelivered",
        _("Answers to requests that were not delivered"),
        rows=undelivered_answers,
        severity=Severity.ONCE,
        line=lambda answer: f"the answer to request {answer.request.reference} was not delivered",
        seen_by=SEE_REQUESTS,
    ),
    Watched(
        "request_extensions_void",
        _("Extensions of which the person was not notified"),
        rows=void_extensions,
        severity=Severity.ONCE,
        lines=_void_lines,
        seen_by=SEE_REQUESTS,
    ),
    Watched(
        "request_pictures_overdue",
        _("Pictures of documents that should be destroyed"),
        rows=_overdue_pictures,
        severity=Severity.HOURLY,
        line=lambda picture: f"picture {picture.pk} of a document is older than 30 days, and was not destroyed",
        seen_by=SEE_REQUESTS,
    ),
    FirstPagePart(
        "admin/first_page/requests.html",
        requests_for,
        (SEE_REQUESTS,),
        position=5,
        shows=(
            "children_reported",
            "requests_endangered",
            "requests_late",
            "request_answers_undelivered",
            "request_extensions_void",
        ),
        needs=needed_requests,
    ),
    REQUESTS,
    AfterRestore(
        "requests",
        restore_requests,
        35,
        "Requests lost that must still be answered: {count}. Only their references and due times are known.",
    ),
    Watched(
        "requests_lost",
        _("Requests that a restore lost"),
        rows=lost_requests,
        deadline="due_at",
        severity=Severity.HOURLY,
        line=lambda step: (
            f"request {step.reference} was lost by a restore, and must be answered by {step.due_at:%Y-%m-%d %H:%M} UTC"
        ),
        seen_by=SEE_REQUESTS,
    ),
    PersonPart("requests", _("Requests"), "admin/person/requests.html", _of_person, SEE_REQUESTS, position=25),
    NotWatched(RightsRequest, "first_due_at", "the due time before an extension; `due_at` is watched"),
    NotWatched(Extension, "due_at", "`due_at` of the request takes it once its notice was handed over"),
    NotWatched(RequestItem, "kept_until", "what a legal hold keeps is watched by the hold"),
    REQUESTS_PAGE,
]
