"""Alarms reach the operator: a failing cache, mail server or figure loses none."""

import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import OperationalError

from portal.operations.alarms import raise_alarms, raise_urgent_alarms
from privacy.operations.watching import Severity, Watched
from tests.declarations import declare

SECRET = "+8613800138000"
URGENT = Watched("burning", "Burning.", lines=lambda: [("burning", "something burns")], severity=Severity.URGENT)


@pytest.fixture(autouse=True)
def _mailed(settings) -> Iterator[None]:
    settings.ALARM_EMAIL = "operator@example.org"
    with declare(URGENT):
        yield


def fail(*_given, **_more):
    raise OperationalError(SECRET)


def raised() -> bool:
    return "something burns" in raise_urgent_alarms()


def test_an_urgent_alarm_is_mailed_once_an_hour():
    assert raised()
    assert not raised()
    [message] = mail.outbox
    assert (message.to, message.body) == (["operator@example.org"], "something burns")


@pytest.mark.parametrize("refused", ["an address", "a text"])
def test_an_urgent_alarm_whose_mail_fails_is_logged_and_raised_again(settings, caplog, refused: str):
    working = settings.EMAIL_BACKEND
    if refused == "an address":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    else:
        settings.ALARM_EMAIL = f"operator@example.org\n{SECRET}"
    assert raised()
    assert "Alarm: something burns" in caplog.text
    failure = "ConnectionRefusedError" if refused == "an address" else "BadHeaderError"
    assert f"The mail with 1 alarms was not sent ({failure})." in caplog.text
    assert SECRET not in caplog.text
    settings.EMAIL_BACKEND, settings.ALARM_EMAIL = working, "operator@example.org"
    assert raised()
    assert [message.body for message in mail.outbox] == ["something burns"]
    assert not raised()


@pytest.mark.parametrize("operation", ["add", "set", "set_many"])
def test_an_urgent_alarm_is_raised_although_the_cache_fails(monkeypatch, caplog, operation: str):
    monkeypatch.setattr(type(caches["default"]), operation, fail)
    assert raised()
    assert "something burns" in mail.outbox[0].body
    assert SECRET not in caplog.text


def test_an_hourly_alarm_whose_mail_fails_is_logged(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    late = Watched("late", "Late.", lines=lambda: [("late", "something is late")], severity=Severity.HOURLY)
    with declare(late), caplog.at_level(logging.ERROR):
        assert raise_alarms() == ["something is late"]
    assert "The mail with 1 alarms was not sent (ConnectionRefusedError)." in caplog.text


@pytest.mark.parametrize("severity", list(Severity))
def test_every_figure_that_cannot_be_read_is_in_the_hourly_alarms(severity: Severity, caplog):
    with declare(Watched("broken", "Broken.", figure=fail, severity=severity)):
        assert raise_alarms() == ["the figure broken cannot be read (OperationalError)"]
    assert SECRET not in caplog.text


def test_a_figure_and_its_alarm_that_both_fail_are_one_line():
    with declare(Watched("broken", "Broken.", rows=fail, line=str, severity=Severity.HOURLY)):
        assert raise_alarms() == ["the figure broken cannot be read (OperationalError)"]


def test_an_alarm_is_raised_where_the_state_of_maintenance_cannot_be_read(monkeypatch, caplog):
    monkeypatch.setattr("portal.operations.alarms.in_maintenance", fail)
    with declare(
        Watched("away", "Away.", lines=lambda: [("away", "gone")], severity=Severity.URGENT, in_maintenance=True)
    ):
        assert "gone" in raise_urgent_alarms()
    assert SECRET not in caplog.text
