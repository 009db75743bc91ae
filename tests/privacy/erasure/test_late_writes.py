"""An erased person stays erased: the database refuses rows that name them."""

import threading
import uuid

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.inventory.queries import declared_records
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests.erasures import due, erase, held
from tests.factories import make_person


def tables_with_a_guard(event: str) -> set[str]:
    query, values = (
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s AND tgenabled = 'A' AND tgtype & %s <> 0",
        ["%\\_no\\_late\\_write", {"INSERT": 4, "UPDATE": 16}[event]],
    )
    if connection.vendor != "postgresql":
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s AND sql LIKE %s"
        values = ["%late write%", f"%BEFORE {event}%"]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("event", ["INSERT", "UPDATE"])
def test_every_table_of_a_person_is_guarded(event: str):
    tables = {model._meta.db_table for model, record in declared_records() if not record.keeps}
    assert tables - tables_with_a_guard(event) == set()


def test_a_row_that_is_given_to_an_erased_person_is_refused():
    event = SecurityEvent.objects.create(subject=make_person().subject, kind="signed_in", device="Firefox on Linux")
    subject = erase(make_person()).subject
    with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
        SecurityEvent.objects.filter(pk=event.pk).update(subject=subject)


@pytest.mark.parametrize(
    "write",
    [
        lambda user: Authenticator.objects.create(user=user, type="webauthn", data={}),
        lambda user: EmailAddress.objects.create(user=user, email="late@example.org"),
        lambda user: LogEntry.objects.create(user=user, action_flag=1, object_repr="x"),
        lambda user: user.groups.add(Group.objects.first()),
        lambda user: user.user_permissions.add(Permission.objects.first()),
        lambda user: Authenticator.objects.filter(user=make_authenticated()).update(user=user),
    ],
    ids=["factor", "address", "log", "group", "permission", "given"],
)
def test_a_row_that_leads_to_an_erased_person_through_the_account_is_refused(write):
    user = make_person()
    held(user, "account")  # a row may still point at the account
    erase(user)
    with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
        write(user)


def make_authenticated() -> User:
    user = make_person()
    Authenticator.objects.create(user=user, type="webauthn", data={})
    return user


def test_an_address_of_allauth_leads_to_its_person_too():
    user = make_person()
    address = EmailAddress.objects.create(user=user, email="late@example.org")
    DataSubject.objects.filter(pk=user.subject_id).update(erased_at=timezone.now())
    with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
        EmailConfirmation.objects.create(email_address=address, key="k")


@pytest.mark.postgres
def test_a_replica_refuses_too():
    subject = erase(make_person()).subject
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
            SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux")
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    "write",
    [
        lambda subject: SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux"),
        lambda subject: Correction.objects.create(subject=subject, field="name", by="self"),
        lambda subject: Notice.objects.bulk_create([Notice(subject=subject, state="sent", channel="sms")]),
        lambda subject: Session.objects.create(
            session_key="k" * 64, kind="cookie", session_data="00", expire_date="2030-01-01T00:00Z", subject=subject
        ),
        lambda subject: ContactPoint.objects.bulk_create(
            [ContactPoint(id=uuid.uuid4(), subject=subject, field="phone", kind="phone", value=None, index=b"x")]
        ),
    ],
    ids=["event", "correction", "notice", "session", "contact"],
)
def test_a_row_that_names_an_erased_person_is_refused(write):
    subject = erase(make_person()).subject
    with pytest.raises(DatabaseError, match=r"late write|NULL"), transaction.atomic():
        write(subject)
    assert not SecurityEvent.objects.filter(subject=subject).exists()


def test_a_living_person_is_written_about():
    subject = make_person().subject
    assert SecurityEvent.objects.create(subject=subject, kind="signed_in", device="Firefox on Linux").pk


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_row_written_while_the_erasure_runs_is_erased_with_the_rest_or_refused():
    """The write is open when the sweep begins: the sweep waits for it, and erases its row, too."""
    subject = due(make_person()).subject
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
