"""After a restore: steps of requests that the database lost count again, and lost requests are named.

No one is told a second time. What a request said, and how its person is reached, is not in the journal: of a request
that was filed after the backup only its reference, its rights and its due time are known.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from privacy.journal.chains import in_batches
from privacy.journal.lines import Line
from privacy.journal.restores import BATCH, Restore, lost_lines
from privacy.rights.choices import OUTCOMES, WITH_REASONS, ItemState
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.discarding import discard_documents
from privacy.rights.queries import lost_requests
from privacy.rights.restoring.journal import REQUESTS
from privacy.rights.restoring.lost import note_lost_requests
from privacy.rights.states.moving import age_from
from privacy.subjects.models import DataSubject

# The reasons of a refusal are not in the journal: a member of staff decides it again.
DECIDED_ALONE = OUTCOMES - WITH_REASONS


def restore_requests(restore: Restore) -> int:
    """Take the lost steps again, and list those of requests that are gone; return how many of these wait for an answer.

    Can be repeated.
    """
    for lines in in_batches(lost_lines(REQUESTS), BATCH):
        replay_steps(lines)
    known = set(RightsRequest.objects.values_list("pk", flat=True))
    restore.list_lost(REQUESTS, (line for line in lost_lines(REQUESTS) if UUID(line["request"]) not in known))
    note_lost_requests()
    return lost_requests().count()


@transaction.atomic
def replay_steps(lines: Sequence[Line]) -> int:
    """Append these steps under their own numbers, and bring the requests that the database has to their state.

    Return how many the database lacked.
    """
    held = set(RequestRecord.objects.filter(pk__in=[UUID(line["id"]) for line in lines]).values_list("pk", flat=True))
    fresh = [line for line in lines if UUID(line["id"]) not in held and not _is_repeated(line)]
    for line in fresh:
        _take(line)
    people = {UUID(line["subject_id"]) for line in fresh if line["subject_id"]}
    living = set(DataSubject.objects.filter(pk__in=people, erased_at=None).values_list("pk", flat=True))
    RequestRecord.append_all([_record(line, living) for line in fresh])
    return len(fresh)


def _is_repeated(line: Line) -> bool:
    """Whether the replay of an erasure noted this step of a deleted request again."""
    same = RequestRecord.objects.filter(**{name: line[name] for name in ("reference", "act", "right", "outcome")})
    return not RightsRequest.objects.filter(pk=line["request"]).exists() and same.exists()


def _take(line: Line) -> None:
    at = dt.datetime.fromisoformat(line["at"])
    items = RequestItem.objects.filter(request_id=line["request"])
    requests = RightsRequest.objects.filter(pk=line["request"])
    if line["due_at"]:
        requests.update(due_at=dt.datetime.fromisoformat(line["due_at"]))
    if line["act"] == RequestRecord.Act.DECIDED:
        decided = line["outcome"] in DECIDED_ALONE
        state = {"state": line["outcome"], "decided_at": at} if decided else {"state": ItemState.WITH_STAFF}
        items.filter(right=line["right"], decided_at=None).update(**state)
    elif line["act"] == RequestRecord.Act.CLOSED and not items.filter(decided_at=None).exists():
        for request in requests:
            requests.update(closed_at=at)
            age_from(request, at)
            discard_documents([request.pk])
    elif line["act"] == RequestRecord.Act.REOPENED:
        items.filter(state=ItemState.NOT_PROVEN).update(state=ItemState.RECEIVED, decided_at=None)
        for request in requests:
            requests.update(closed_at=None)
            age_from(request, None)


def _record(line: Line, living: set[UUID]) -> RequestRecord:
    subject = UUID(line["subject_id"]) if line["subject_id"] else None
    return RequestRecord(
        **{name: UUID(line[name]) for name in ("id", "request")},
        **{name: line[name] for name in ("reference", "act", "right", "outcome", "role")},
        subject_id=subject if subject in living else None,
        due_at=dt.datetime.fromisoformat(line["due_at"]) if line["due_at"] else None,
        at=dt.datetime.fromisoformat(line["at"]),
    )
