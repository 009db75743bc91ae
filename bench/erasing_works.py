"""Erasing a batch of accounts: as the portal does, by raw SQL without any proof, and account by account."""

import io
import itertools
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from accounts.registration.made_up_people import make_up_people
from accounts.users.models import User
from bench.work import Work
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import BATCH, erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.register.register import declared_records
from privacy.subjects.models import DataSubject

LONG_AGO = timedelta(days=9)


def works(people: str) -> dict[str, Work]:
    """Make the tables, as many people and their cancellations, and return the works; each takes one batch."""
    for database in ("default", "keys"):
        call_command("migrate", database=database, verbosity=0)
    call_command("publish_sample_policies", stdout=io.StringIO())
    for _person in make_up_people(int(people)):
        pass
    subjects = DataSubject.objects.filter(pk__in=User.objects.values("subject"))
    ahead = timezone.now() + timedelta(days=30)
    ErasureCase.objects.bulk_create(
        [
            ErasureCase(subject=subject, cancelled_at=ahead, due_at=ahead, next_attempt_at=ahead, deadline_at=ahead)
            for subject in subjects
        ],
        batch_size=2000,
    )
    batches = _batches(list(subjects.values_list("pk", flat=True)))
    return {
        "erase": lambda: _erase(next(batches)),
        "raw_delete": lambda: _raw_delete(next(batches)),
        "delete_each": lambda: _delete_each(next(batches)),
    }


def _batches(subjects: list[UUID]) -> Iterator[list[UUID]]:
    for first in itertools.count(0, BATCH):
        batch = subjects[first : first + BATCH]
        assert len(batch) == BATCH, "the run needs more people"
        yield batch


def _erase(subjects: list[UUID]) -> None:
    past = timezone.now() - LONG_AGO
    ErasureCase.objects.filter(subject__in=subjects).update(due_at=past, next_attempt_at=past)
    assert erase_due_accounts() == 2 * BATCH


def _raw_delete(subjects: list[UUID]) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for model, record in declared_records():
            if not record.keeps and record.subject == "subject":
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE subject_id = ANY(%s)", [subjects])  # noqa: S608 - our tables
    with connections["keys"].cursor() as cursor:
        cursor.execute(f"DELETE FROM {DataKey._meta.db_table} WHERE owner = ANY(%s)", [subjects])  # noqa: S608 - our tables


def _delete_each(subjects: list[UUID]) -> None:
    for subject in subjects:
        with transaction.atomic():
            for model, record in declared_records():
                if not record.keeps and model is not User:
                    model._default_manager.filter(**{record.subject: subject}).delete()
            User.objects.get(subject_id=subject).delete()
        DataKey.objects.filter(owner=subject).delete()
