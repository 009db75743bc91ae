"""Rows past their period are deleted, for every person and record, and nothing else is."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, models
from django.utils import timezone

from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import remove_events_without_subject
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import AGEING_CLASSES, RETENTION, RetentionClass, period_of, words_of
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.retention import purging
from privacy.retention.models import Purge
from privacy.retention.purging import purge_expired_rows
from tests.factories import make_person
from tests.parallel import in_parallel
from tests.privacy.retention.ageing import DAY, MAKERS, aged, correction, event, failed_notice, queued_notice


def test_every_record_of_a_period_is_tested_here():
    ageing = {model for model, record in declared_records() if RETENTION[record.retention].period and not record.keeps}
    assert ageing == MAKERS.keys()


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_a_row_is_deleted_once_its_period_is_over_and_not_before(model: type[models.Model], person: User):
    period = period_of(model.inventory.retention)
    old, young = aged(MAKERS[model](person), period + timedelta(minutes=5)), MAKERS[model](person)
    aged(young, period - timedelta(minutes=5))
    purge_expired_rows()
    left = set(model._default_manager.values_list("pk", flat=True))
    assert young.pk in left
    assert old.pk not in left


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_the_column_that_an_age_counts_from_is_indexed(model: type[models.Model]):
    first = {index.fields_orders[0][0] if index.fields else "" for index in model._meta.indexes}
    assert model.inventory.ages_from in first


def test_nothing_without_a_period_is_deleted_by_age(person: User):
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


def test_a_waiting_message_is_never_deleted_by_age(person: User):
    waiting = queued_notice(person)
    Notice.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - 5000 * DAY)
    purge_expired_rows()
    assert Notice.objects.filter(pk=waiting.pk).exists()


def test_a_failed_message_is_deleted_by_age(person: User):
    old, young = aged(failed_notice(person), 31 * DAY), aged(failed_notice(person), 29 * DAY)
    assert set(Notice.objects.values_list("state", flat=True)) == {"failed"}
    purge_expired_rows()
    assert list(Notice.objects.all()) == [young]
    assert young != old


def test_a_message_without_a_person_is_deleted_by_age():
    sent = send_notice(
        subject=None, channel="sms", address="+4915112345678", template="copy_ready", language="en", context={}
    )
    deliver_notice(sent.pk)
    aged(sent, 31 * DAY)
    assert purge_expired_rows() == 1
    assert not Notice.objects.exists()


def test_records_that_are_kept_never_go(person: User):
    aged(event(person), 400 * DAY)
    kept = replace(SecurityEvent.inventory, keeps="proof")
    # The data inventory is cached, so its answer is replaced here.
    with patch.object(purging, "declared_records", lambda: ((SecurityEvent, kept),)):
        purge_expired_rows()
    assert SecurityEvent.objects.count() == 1


def test_rows_are_deleted_in_batches_oldest_first(person: User):
    for days in (400, 500, 600):
        aged(event(person), days * DAY)
    with patch.object(purging, "MOST_BATCHES", 1):
        assert purge_expired_rows(batch=2) == 2
    assert (timezone.now() - SecurityEvent.objects.get().at) // DAY == 400
    assert purge_expired_rows(batch=2) == 1


def test_deleted_rows_are_counted_and_logged_without_a_name(person: User, caplog: pytest.LogCaptureFixture):
    for _ in range(3):
        aged(event(person), 400 * DAY)
    caplog.set_level("INFO", logger="privacy.retention")
    purge_expired_rows()
    counted = Purge.objects.get(record="accounts.securityevent")
    assert (counted.last_count, counted.total) == (3, 3)
    assert caplog.messages == ["accounts.securityevent: 3 rows deleted by age"]
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
    settings.RETENTION_OVERRIDES = {"security": timedelta(days=30)}
    aged(event(person), 31 * DAY)
    aged(correction(person), 31 * DAY)
    purge_expired_rows()
    assert (SecurityEvent.objects.count(), Correction.objects.count()) == (0, 1)
    assert (words_of(RetentionClass.SECURITY), words_of(RetentionClass.CORRECTIONS)) == ("30 days", "two years")


def test_only_classes_with_a_period_can_be_set():
    assert {name for name in RetentionClass if RETENTION[name].period} == set(AGEING_CLASSES)


def test_events_without_a_person_of_the_previous_release_are_deleted_at_once(person: User):
    SecurityEvent.objects.create(subject=None, kind=SecurityEvent.Kind.SIGN_IN_FAILED)
    mine = event(person)
    assert remove_events_without_subject() == 1
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
def test_the_database_finds_old_rows_by_an_index(person: User):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for model, record in declared_records():
            if model in MAKERS:
                rows = purging.expired_rows(model, record, DAY).values_list("pk", flat=True)[:1000]
                plan = rows.explain()
                assert f"Index Cond: ({record.ages_from} <" in plan, plan
