"""Destroy the pictures of documents of requests: their rows, and the keys that seal them."""

import datetime as dt
from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.encryption.keys import destroy_keys
from privacy.rights.models.documents import RequestDocument

KEPT_FOR = dt.timedelta(days=30)


def documents_to_destroy(late_by: dt.timedelta = dt.timedelta(0)) -> QuerySet[RequestDocument]:
    """Return the pictures that are older than 30 days, by this time or more, oldest first."""
    return RequestDocument.objects.filter(uploaded_at__lt=Now() - KEPT_FOR - late_by).order_by("uploaded_at")


def destroy_old_documents() -> int:
    """Destroy the pictures that are older than 30 days, also of requests that are open; return how many."""
    with transaction.atomic():
        return discard_documents(documents_to_destroy().values_list("request", flat=True))


def discard_documents(requests: Collection[UUID]) -> int:
    """Delete the pictures of these requests, and destroy their keys once that is committed; return how many."""
    found = RequestDocument.objects.filter(request__in=list(requests))
    numbers = list(found.values_list("pk", flat=True))
    if numbers:
        found.filter(pk__in=numbers).delete()
        # If that fails, the sweep of orphaned keys does it.
        transaction.on_commit(partial(destroy_keys, numbers), robust=True)
    return len(numbers)
