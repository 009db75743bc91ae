"""Erasing accounts: as the portal does, by raw SQL without evidence, and one by one."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connections, transaction

from accounts.users.models import User
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import BATCH, erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.inventory.queries import declared_records
from tools.bench.due_erasures import cancel_ahead, make_due
from tools.bench.portal_works import prepare
from tools.bench.work import Work
from tools.load_test.people import create_people


def works(accounts: str) -> dict[str, Work]:
    """Return the works; each erases this many accounts; `sweep` erases all that are due."""
    prepare()
    many, chosen = int(accounts), list[UUID]()

    def choose() -> None:
        chosen[:] = _waiting(many)

    return {
        "make_people": lambda: make_people(many),
        "choose": choose,
        "make_due": lambda: make_due(chosen),
        "sweep": lambda: erase_due_accounts() and None,
        "raw_delete": lambda: _raw_delete(chosen),
        "delete_each": lambda: _delete_each(chosen),
    }


def make_people(many: int) -> None:
    """Make people whose accounts are cancelled and in their cooling-off period."""
    for _person in create_people(many):
        pass
    cancelled = ErasureCase.objects.values("subject")
    cancel_ahead(User.objects.exclude(subject__in=cancelled).values_list("subject", flat=True))


def _waiting(many: int) -> list[UUID]:
    """Return this many persons with an account in its cooling-off period."""
    there = ErasureCase.objects.filter(state="cooling_off", subject__in=User.objects.values("subject"))
    found = list(there.values_list("subject", flat=True)[:many])
    assert len(found) == many, "the run needs more people"
    return found


def _raw_delete(subjects: Sequence[UUID]) -> None:
    for first in range(0, len(subjects), BATCH):
        _raw_delete_batch(list(subjects[first : first + BATCH]))


def _raw_delete_batch(subjects: list[UUID]) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for model, record in declared_records():
            if not record.keeps and record.subject == "subject":
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE subject_id = ANY(%s)", [subjects])  # noqa: S608 - names of models
    with connections["keys"].cursor() as cursor:
        cursor.execute(f"DELETE FROM {DataKey._meta.db_table} WHERE owner = ANY(%s)", [subjects])  # noqa: S608 - names of models


def _delete_each(subjects: Sequence[UUID]) -> None:
    for subject in subjects:
        with transaction.atomic():
            for model, record in declared_records():
                if not record.keeps and model is not User:
                    model._default_manager.filter(**{record.subject: subject}).delete()
            User.objects.get(subject_id=subject).delete()
        DataKey.objects.filter(owner=subject).delete()
