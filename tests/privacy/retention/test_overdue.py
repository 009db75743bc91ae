"""A purge that does not delete is a figure, and an alarm some hours after a row should have gone."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, models
from django.urls import reverse
from django.utils import timezone, translation

from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from portal.operations.alarms import raise_alarms
from portal.operations.checks import packages_are_complete
from privacy.encryption.models import DataKey
from privacy.holds.models import LegalHold
from privacy.inventory.retention_classes import RetentionClass, period_of
from privacy.notices.models import RETENTION_CLASS as NOTICE_KEYS
from privacy.operations import collecting
from privacy.operations.watching import Watched
from privacy.retention import purging
from privacy.retention.overdue import ageing_columns, seconds_overdue
from privacy.retention.purging import purge_expired_rows
from tests.erasures import held, release
from tests.factories import make_staff
from tests.privacy.retention.ageing import DAY, MAKERS, aged, event, sent_notice
from tests.sign_in_clients import client_of

HOUR = timedelta(hours=1)
LABEL = "accounts.securityevent"


def overdue_event(person: User, by: timedelta) -> SecurityEvent:
    return aged(event(person), period_of(RetentionClass.SECURITY) + by)


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_the_figure_says_how_long_ago_the_oldest_row_should_have_been_deleted(model: type[models.Model], person: User):
    period, label = period_of(model.inventory.retention), model._meta.label_lower
    aged(MAKERS[model](person), period - HOUR)
    assert seconds_overdue()[label] == 0
    aged(MAKERS[model](person), period + 2 * HOUR)
    aged(MAKERS[model](person), period + 5 * HOUR)
    assert 5 * 3600 <= seconds_overdue()[label] < 5 * 3600 + 60
    purge_expired_rows()
    assert seconds_overdue()[label] == 0


def test_the_tombstones_of_messages_keys_have_a_figure_too(person: User):
    sent_notice(person)
    label, period = DataKey._meta.label_lower, period_of(RetentionClass.MESSAGES)
    keys = DataKey.objects.filter(retention_class=NOTICE_KEYS, destroyed_at__isnull=False)
    assert keys.update(destroyed_at=timezone.now() - period - 5 * HOUR) > 0
    assert 5 * 3600 <= seconds_overdue()[label] < 5 * 3600 + 60
    purge_expired_rows()
    assert seconds_overdue()[label] == 0


def test_a_purge_that_fails_raises_an_alarm_after_some_hours(person: User):
    overdue_event(person, 2 * HOUR)
    assert raise_alarms() == []
    overdue_event(person, 4 * HOUR)
    with patch.object(purging, "_purge_batch", side_effect=DatabaseError("disk")):
        purge_expired_rows()
    assert raise_alarms() == [f"rows of {LABEL} should have been deleted by age 4 hours ago"]
    purge_expired_rows()
    assert raise_alarms() == []


def test_rows_that_a_hold_keeps_are_not_overdue(person: User):
    overdue_event(person, 100 * DAY)
    hold = held(person, "security")
    assert seconds_overdue()[LABEL] == 0
    release(hold)
    assert seconds_overdue()[LABEL] == 0, "the purge has had no time to run"
    LegalHold.objects.update(released_at=timezone.now() - 4 * HOUR)
    assert seconds_overdue()[LABEL] >= 100 * 24 * 3600


def test_a_hold_that_ended_by_time_gives_the_purge_some_hours(person: User):
    overdue_event(person, 100 * DAY)
    held(person, "security")
    LegalHold.objects.update(until=timezone.now() - 2 * HOUR)
    assert seconds_overdue()[LABEL] == 0
    LegalHold.objects.update(until=timezone.now() - 4 * HOUR)
    assert seconds_overdue()[LABEL] >= 100 * 24 * 3600


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Records with rows past their retention period"), ("zh-hans", "含有超期未删除数据的记录类型")],
)
def test_the_first_page_of_a_privacy_officer_names_it(person: User, language: str, words: str):
    overdue_event(person, 4 * HOUR)
    officer = client_of(make_staff("Privacy officer"))
    officer.cookies["language"] = language
    with translation.override(language):
        page = officer.get(reverse("admin:index")).content.decode()
    assert re.search(rf'{words}.*?<p class="count">1</p>', page, re.DOTALL)


def test_a_record_with_a_period_that_no_figure_covers_fails_the_check(monkeypatch: pytest.MonkeyPatch):
    assert {model for model, _column in ageing_columns()} == MAKERS.keys()
    assert packages_are_complete() == []
    kept = tuple(
        each for each in collecting.all_declarations() if not (isinstance(each, Watched) and "overdue" in each.name)
    )
    monkeypatch.setattr(collecting, "all_declarations", lambda: kept)
    collecting.declared.cache_clear()
    problems = packages_are_complete()
    collecting.declared.cache_clear()
    assert {problem.obj for problem in problems if problem.id == "portal.E012"} >= {SecurityEvent}
