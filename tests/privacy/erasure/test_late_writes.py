"""Whoever was erased stays erased: the database itself refuses a row that names them."""

import threading
import uuid

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import ContactPoint, Correction, SecurityEvent, Session
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from privacy.register.register import declared_records
from privacy.subjects.models import DataSubject
from tests.factories import make_person, pass_time


def erased() -> DataSubject:
    subject = make_person().subject
    pass_time(cancel_account(subject=subject), settings.COOLING_OFF)
    erase_due_accounts()
    return DataSubject.objects.get(pk=subject.pk)


def tables_of_persons() -> list[str]:
    return [
        model._meta.db_table for model, record in declared_records() if not record.keeps and record.subject == "subject"
    ]


def tables_with_a_guard() -> set[str]:
    query = (
        "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%_no_late_write'"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_late_write'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def test_every_table_of_a_person_is_guarded():
    assert set(tables_of_persons()) - tables_with_a_guard() == set()


@pytest.mark.parametrize(
    "write",
    [
        lambda subject: SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux"),
        lambda subject: Correction.objects.create(subject=subject, field="name", by="self"),
        lambda subject: Notice.objects.bulk_create([Notice(subject=subject, state="sent", channel="sms")]),
        lambda subject: Session.objects.create(
            session_key="k" * 32, session_data="00", expire_date="2030-01-01T00:00Z", subject=subject
        ),
        lambda subject: ContactPoint.objects.bulk_create(
            [ContactPoint(id=uuid.uuid4(), subject=subject, field="phone", kind="phone", value=None, index=b"x")]
        ),
    ],
    ids=["event", "correction", "notice", "session", "contact"],
)
def test_a_row_that_names_an_erased_person_is_refused(write):
    subject = erased()
    with pytest.raises(DatabaseError, match=r"late write|NULL"), transaction.atomic():
        write(subject)
    assert not SecurityEvent.objects.filter(subject=subject).exists()


def test_a_living_person_is_written_about():
    subject = make_person().subject
    assert SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux").pk


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_row_written_while_the_erasure_runs_is_erased_with_the_rest_or_refused():
    """The write is open when the sweep begins: the sweep waits for it, and takes it along."""
    subject = make_person().subject
    pass_time(cancel_account(subject=subject), settings.COOLING_OFF)
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux")
                written.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    def sweep() -> None:
        try:
            erase_due_accounts()
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    sweeper.join(1)
    assert sweeper.is_alive()
    go_on.set()
    writer.join(10)
    sweeper.join(10)
    assert not SecurityEvent.objects.filter(subject=subject).exists()
    assert DataSubject.objects.get(pk=subject.pk).erased_at
