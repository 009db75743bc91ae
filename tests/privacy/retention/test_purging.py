"""What is older than its period goes, of everybody and every record that has one, and nothing else does."""

import datetime as dt
import threading
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Correction, SecurityEvent, User
from accounts.sign_in.security_events import record_event, remove_events_of_nobody
from privacy.consent.models import ConsentRecord
from privacy.export.models import DataCopy
from privacy.holds.models import LegalHold
from privacy.holds.queries import holds_in_force
from privacy.holds.services import approve_hold, ask_for_hold
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.register.register import declared_records
from privacy.register.retention_classes import AGEING_CLASSES, RETENTION, RetentionClass, period_of, words_of
from privacy.retention import purging
from privacy.retention.models import Purge
from privacy.retention.purging import purge_expired_rows
from tests.factories import make_person
from tests.parallel import in_parallel

DAY = timedelta(days=1)


@pytest.fixture
def person() -> User:
    return make_person()


def aged(row: models.Model, by: timedelta) -> models.Model:
    """Move a row into the past, by the column that its age counts from."""
    column = row.register.ages_from
    type(row)._default_manager.filter(pk=row.pk).update(**{column: F(column) - by})
    return row


def event(user: User) -> SecurityEvent:
    return record_event(user.subject_id, SecurityEvent.Kind.SIGNED_IN)


def correction(user: User) -> Correction:
    return Correction.objects.create(subject_id=user.subject_id, field="name", by="self")


def copy(user: User) -> DataCopy:
    return DataCopy.objects.create(subject_id=user.subject_id, language="en", state="forgotten")


def sent_notice(user: User) -> Notice:
    notice = queued_notice(user)
    assert deliver_notice(notice.pk)
    return notice


def queued_notice(user: User) -> Notice:
    return send_notice(
        subject=user.subject, channel="sms", address="+4915112345678", template="copy_ready", language="en", context={}
    )


def asked_hold(user: User) -> LegalHold:
    return ask_for_hold(
        subject=user.subject,
        exception="1.7.3",
        legal_basis="Order 7",
        classes=["security"],
        until=timezone.now() + 9 * DAY,
        by=uuid4(),
    )


def failed_notice(user: User) -> Notice:
    notice = queued_notice(user)
    Notice.objects.filter(pk=notice.pk).update(attempts=10)
    assert not deliver_notice(notice.pk)
    return notice


MAKERS = {SecurityEvent: event, Correction: correction, DataCopy: copy, Notice: sent_notice}


def test_every_record_of_a_period_is_tested_here():
    ageing = {model for model, record in declared_records() if RETENTION[record.retention].period and not record.keeps}
    assert ageing == MAKERS.keys()


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_a_row_goes_once_its_period_is_over_and_not_before(model: type[models.Model], person: User):
    period = period_of(model.register.retention)
    old, young = aged(MAKERS[model](person), period + timedelta(minutes=5)), MAKERS[model](person)
    aged(young, period - timedelta(minutes=5))
    purge_expired_rows()
    left = set(model._default_manager.values_list("pk", flat=True))
    assert young.pk in left
    assert old.pk not in left


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_the_column_that_an_age_counts_from_is_indexed(model: type[models.Model]):
    first = {index.fields_orders[0][0] if index.fields else "" for index in model._meta.indexes}
    assert model.register.ages_from in first


def test_nothing_of_a_person_goes_by_age_that_has_no_period(person: User):
    User.objects.update(created_at=timezone.now() - 5000 * DAY)
    before = {
        model: set(model._default_manager.values_list("pk", flat=True))
        for model, record in declared_records()
        if model not in MAKERS
    }
    purge_expired_rows()
    assert before == {model: set(model._default_manager.values_list("pk", flat=True)) for model in before}
    assert before[User]
    assert before[ConsentRecord]


def test_a_message_that_waits_never_goes_by_age(person: User):
    waiting = queued_notice(person)
    Notice.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - 5000 * DAY)
    purge_expired_rows()
    assert Notice.objects.filter(pk=waiting.pk).exists()


def test_a_message_that_was_given_up_goes_too(person: User):
    old, young = aged(failed_notice(person), 31 * DAY), aged(failed_notice(person), 29 * DAY)
    assert set(Notice.objects.values_list("state", flat=True)) == {"failed"}
    purge_expired_rows()
    assert list(Notice.objects.all()) == [young]
    assert young != old


def test_a_message_to_nobody_goes_too():
    told = send_notice(
        subject=None, channel="sms", address="+4915112345678", template="copy_ready", language="en", context={}
    )
    deliver_notice(told.pk)
    aged(told, 31 * DAY)
    assert purge_expired_rows() == 1
    assert not Notice.objects.exists()


def test_records_that_are_kept_never_go(person: User):
    aged(event(person), 400 * DAY)
    kept = replace(SecurityEvent.register, keeps="proof")
    # The register reads each declaration once, so it is what it answers that changes here.
    with patch.object(purging, "declared_records", lambda: ((SecurityEvent, kept),)):
        purge_expired_rows()
    assert SecurityEvent.objects.count() == 1


def test_a_hold_keeps_the_rows_of_its_class_and_of_its_subject_only(person: User):
    other = make_person()
    held = aged(event(person), 400 * DAY)
    aged(event(other), 400 * DAY)
    aged(correction(person), 800 * DAY)

    def held_subjects(retention_class):
        return [person.subject_id] if retention_class == RetentionClass.SECURITY else []

    with patch.object(purging, "held_subjects", held_subjects):
        purge_expired_rows()
    assert list(SecurityEvent.objects.all()) == [held]
    assert not Correction.objects.exists()


def test_a_hold_may_be_a_query(person: User):
    aged(event(person), 400 * DAY)
    subjects = User.objects.filter(pk=person.pk).values("subject_id")
    with patch.object(purging, "held_subjects", lambda _class: subjects):
        assert purge_expired_rows() == 0


def test_a_hold_that_comes_while_a_batch_is_chosen_keeps_its_rows(person: User):
    aged(event(person), 400 * DAY)
    holds = []

    def chosen(rows: QuerySet) -> QuerySet:
        keys = list(rows.values_list("pk", flat=True))
        holds.append(person.subject_id)
        return rows.model.objects.filter(pk__in=keys)

    with patch.object(purging, "held_subjects", lambda _class: holds), patch.object(purging, "_locked", chosen):
        purge_expired_rows()
    assert SecurityEvent.objects.count() == 1


def test_rows_go_in_batches_oldest_first(person: User):
    for days in (400, 500, 600):
        aged(event(person), days * DAY)
    with patch.object(purging, "MOST_BATCHES", 1):
        assert purge_expired_rows(batch=2) == 2
    assert (timezone.now() - SecurityEvent.objects.get().at) // DAY == 400
    assert purge_expired_rows(batch=2) == 1


def test_what_went_is_counted_and_logged_without_a_name(person: User, caplog: pytest.LogCaptureFixture):
    for _ in range(3):
        aged(event(person), 400 * DAY)
    caplog.set_level("INFO", logger="privacy.retention")
    purge_expired_rows()
    counted = Purge.objects.get(record="accounts.securityevent")
    assert (counted.last_count, counted.total) == (3, 3)
    assert caplog.messages == ["accounts.securityevent: 3 rows went by age"]
    aged(event(person), 400 * DAY)
    purge_expired_rows()
    counted.refresh_from_db()
    assert (counted.last_count, counted.total) == (1, 4)
    assert timezone.now() - counted.last_run_at < timedelta(minutes=1)


@pytest.mark.parametrize("failure", [DatabaseError, ValueError, AttributeError])
def test_a_record_that_fails_stops_no_other(person: User, caplog: pytest.LogCaptureFixture, failure: type[Exception]):
    aged(event(person), 400 * DAY)
    aged(correction(person), 800 * DAY)
    whole = purging._purge_batch

    def broken(model, *more):
        if model is SecurityEvent:
            raise failure("Désirée Größenwahn")
        return whole(model, *more)

    with patch.object(purging, "_purge_batch", broken):
        purge_expired_rows()
    assert not Correction.objects.exists()
    assert f"accounts.securityevent failed with {failure.__name__}" in caplog.text
    assert "Désirée" not in caplog.text


def test_a_task_that_runs_out_of_time_ends(person: User):
    over = patch.object(purging, "_purge_batch", side_effect=SoftTimeLimitExceeded)
    with over as tried, pytest.raises(SoftTimeLimitExceeded):
        purge_expired_rows()
    assert tried.call_count == 1


def test_a_period_can_be_set_and_the_words_follow(person: User, settings):
    settings.RETENTION_OVERRIDES = {"security": dt.timedelta(days=30)}
    aged(event(person), 31 * DAY)
    aged(correction(person), 31 * DAY)
    purge_expired_rows()
    assert (SecurityEvent.objects.count(), Correction.objects.count()) == (0, 1)
    assert (words_of(RetentionClass.SECURITY), words_of(RetentionClass.CORRECTIONS)) == ("30 days", "two years")


def test_only_classes_with_a_period_can_be_set():
    assert {name for name in RetentionClass if RETENTION[name].period} == set(AGEING_CLASSES)


def test_what_happened_to_nobody_goes_at_once(person: User):
    record_event(None, SecurityEvent.Kind.SIGN_IN_FAILED)
    mine = event(person)
    assert remove_events_of_nobody() == 1
    assert list(SecurityEvent.objects.all()) == [mine]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_purges_at_once_count_each_row_once():
    person = make_person()
    for _ in range(50):
        aged(event(person), 400 * DAY)
    assert in_parallel(2, lambda _n: purge_expired_rows(batch=5)) == ["done", "done"]
    purge_expired_rows()
    assert SecurityEvent.objects.count() == 0
    assert Purge.objects.get(record="accounts.securityevent").total == 50


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_hold_that_is_approved_while_a_batch_is_open_waits_for_its_end():
    """Else both would win: the hold in force, and the rows that it keeps gone a moment later."""
    person = make_person()
    aged(event(person), 400 * DAY)
    hold = asked_hold(person)
    deleted, go_on, whole = threading.Event(), threading.Event(), purging._note

    def slowly(label: str, went: int) -> None:
        if went:
            deleted.set()
            go_on.wait(10)
        whole(label, went)

    with patch.object(purging, "_note", slowly):
        purger = threading.Thread(target=in_parallel, args=(1, lambda _n: purge_expired_rows()))
        purger.start()
        assert deleted.wait(10)
        approver = threading.Thread(target=in_parallel, args=(1, lambda _n: approve_hold(hold=hold, by=uuid4())))
        approver.start()
        approver.join(1)
        assert approver.is_alive()
        assert not holds_in_force().exists()
        go_on.set()
        purger.join(10)
        approver.join(10)
    assert holds_in_force().exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_purge_passes_over_whoever_a_hold_is_being_approved_for():
    person, other = make_person(), make_person()
    kept = aged(event(person), 400 * DAY)
    aged(event(other), 400 * DAY)
    with transaction.atomic():
        approve_hold(hold=asked_hold(person), by=uuid4())
        assert in_parallel(1, lambda _n: purge_expired_rows()) == ["done"]
    assert list(SecurityEvent.objects.all()) == [kept]


@pytest.mark.postgres
def test_the_database_finds_old_rows_by_an_index(person: User):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for model, record in declared_records():
            if model in MAKERS:
                rows = purging.expired_rows(model, record, DAY).values_list("pk", flat=True)[:1000]
                plan = rows.explain()
                assert f"Index Cond: ({record.ages_from} <" in plan, plan
