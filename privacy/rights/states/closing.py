"""Close what no one proved in time, and destroy the keys of requests that are gone."""

import datetime as dt
import logging
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Now

from privacy.encryption.keys import destroy_keys, forget_keys, usable_keys
from privacy.rights.choices import ItemState
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.documents import DOCUMENT_CLASS, RequestDocument
from privacy.rights.models.requests import RETENTION_CLASS, RequestItem, RightsRequest
from privacy.rights.notices import send_not_proven
from privacy.rights.queries import open_requests
from privacy.rights.states.moving import locked, move
from privacy.rights.states.reopening import reopens_until

logger = logging.getLogger(__name__)

BATCH = 100
# So long before its due time an unproven request is closed, so that the person is told in time.
BEFORE_DUE = dt.timedelta(minutes=1)
AGAIN = dt.timedelta(days=15)
# Longer than any transaction takes between the key and the request.
ORPHANED_AFTER = dt.timedelta(hours=1)


def unproven_requests() -> QuerySet[RightsRequest]:
    """Return the requests that are due and have items that no one proved, those that are due first first.

    A part that was reopened while the rest waits for staff, after the due time, gets some days again.
    """
    unproven = RequestItem.objects.filter(request=OuterRef("pk"), state=ItemState.RECEIVED)
    reopened = ProofCode.objects.filter(request=OuterRef("pk"), sent_at__gt=OuterRef("due_at"))
    due = open_requests().filter(Exists(unproven), due_at__lte=Now() + BEFORE_DUE)
    return due.exclude(Exists(reopened.filter(sent_at__gt=Now() - AGAIN)))


def close_unproven(*, batch: int = BATCH) -> int:
    """Close the items that no one proved by their due time; return of how many requests.

    Complaints and questions need no proof and wait for staff: a request with one of them stays open.
    """
    closed = 0
    for request_id in unproven_requests().values_list("pk", flat=True)[:batch]:
        closed += _close(request_id)
        forget_keys()
    return closed


def destroy_orphaned_keys(*, batch: int = BATCH) -> int:
    """Destroy the keys of requests and of pictures that do not exist; return how many.

    A key is made before its request is stored, and destroyed after it is deleted, in another database: by an erasure,
    or by age, where no one else destroys it.
    """
    return _destroy_orphans(RETENTION_CLASS, RightsRequest, batch) + _destroy_orphans(
        DOCUMENT_CLASS, RequestDocument, batch
    )


def _destroy_orphans(retention_class: str, model: type[Model], batch: int) -> int:
    destroyed, last = 0, UUID(int=0)
    while owners := usable_keys(retention_class, older_than=ORPHANED_AFTER, beyond=last, most=batch):
        present = model._default_manager.filter(pk__in=owners)
        orphans = set(owners) - set(present.values_list("pk", flat=True))
        destroy_keys(orphans)
        destroyed, last = destroyed + len(orphans), owners[-1]
    return destroyed


def _close(request_id: UUID) -> bool:
    try:
        with transaction.atomic():
            request = locked(request_id)
            # Proven or withdrawn meanwhile: nothing is left to close.
            unproven = list(request.items.filter(state=ItemState.RECEIVED))
            for item in unproven:
                move(item=item, after=ItemState.NOT_PROVEN)
            if unproven:
                send_not_proven(request, may_reopen=reopens_until(request) is not None)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - one request stops no other; its text may hold values: only its name is kept
        logger.error("Closing request %s failed with %s", request_id, type(error).__name__)  # noqa: TRY400
        return False
    return bool(unproven)
