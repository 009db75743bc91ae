"""Evidence is mutated, dropped, reordered, moved to another person, at random: every time it is noticed."""

import random

import pytest
from django.db import connection, transaction

from privacy.consent.models import ConsentRecord
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureReceipt
from privacy.erasure.services import cancel_account
from privacy.evidence.models import ChainedRecord
from privacy.journal.models import JournalEntry
from privacy.subjects.models import DataSubject
from tests.chains import chain_errors
from tests.factories import make_person

CHAINS = (ConsentRecord, ErasureReceipt, JournalEntry)
TEXT = {
    ConsentRecord: ("language", "act", "digest"),
    ErasureReceipt: ("reference", "counts"),
    JournalEntry: ("kind", "clause"),
}


@pytest.fixture
def chains(settings):
    settings.COOLING_OFF = settings.ERASE_WITHIN * 0
    for _ in range(5):
        cancel_account(subject=make_person().subject)
    erase_due_accounts()
    for model in CHAINS:
        lift_triggers(model._meta.db_table)
        assert list(chain_errors(model)) == []


def lift_triggers(table: str) -> None:
    """Whoever tampers with evidence has every right."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER ALL")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def mutate(model: type[ChainedRecord], row: ChainedRecord, other: ChainedRecord, chance: random.Random) -> str:
    rows = model._default_manager.filter(pk=row.pk)
    act = chance.choice(["value", "drop", "reorder", "subject", "hash", "time", "tail"])
    match act:
        case "value":
            column = chance.choice(TEXT[model])
            rows.update(**{column: {"x": 1} if column == "counts" else f"{getattr(row, column)}"[:-1] + "~"})
        case "drop":
            rows._raw_delete(rows.db)
        case "tail":
            last = model._default_manager.order_by("-position")[:1].values_list("pk", flat=True)
            model._default_manager.filter(pk__in=list(last))._raw_delete(rows.db)
        case "reorder":
            rows.update(position=-1)
            model._default_manager.filter(pk=other.pk).update(position=row.position)
            rows.update(position=other.position)
        case "subject":
            strangers = DataSubject.objects.exclude(pk=row.subject_id).values_list("pk", flat=True)
            rows.update(subject=chance.choice(list(strangers)))
        case "hash":
            changed = bytearray(row.hash)
            changed[chance.randrange(32)] ^= 1 << chance.randrange(8)
            rows.update(hash=bytes(changed))
        case "time":
            column = "at" if hasattr(row, "at") else "erased_at"
            rows.update(**{column: getattr(row, column).replace(microsecond=chance.randrange(1_000_000))})
    return act


def test_every_change_of_a_chain_is_detected(chains, many):
    chance, unnoticed = random.Random(17), []
    for _number in range(many(150, 10_000)):
        model = chance.choice(CHAINS)
        row, other = chance.sample(list(model._default_manager.all()), 2)
        point = transaction.savepoint()
        act = mutate(model, row, other, chance)
        if not list(chain_errors(model)):
            unnoticed.append((model.__name__, act))
        transaction.savepoint_rollback(point)
    assert unnoticed == []
