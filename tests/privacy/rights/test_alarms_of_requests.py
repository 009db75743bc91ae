"""Seven, three and one day and four hours before an answer is due, and when it is late, an alarm is raised."""

import datetime as dt

import pytest

from portal.operations.alarms import raise_urgent_alarms
from privacy.operations.models import RaisedAlarm
from privacy.rights.models.requests import RightsRequest
from tests.factories import make_staff
from tests.privacy.rights.in_admin import filed
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def due_in(request: RightsRequest, left: dt.timedelta) -> None:
    RightsRequest.objects.filter(pk=request.pk).update(due_at=dt.datetime.now(dt.UTC) + left)


def raised(request: RightsRequest) -> int:
    return sum(request.reference in line for line in raise_urgent_alarms())


def test_each_step_raises_one_alarm():
    request = filed("access")
    due_at = dt.datetime.now(dt.UTC)
    assert raised(request) == 0
    for left in (7 * DAY, 3 * DAY, DAY, 4 * HOUR):
        due_in(request, left + HOUR)
        before = raised(request)
        due_in(request, left - HOUR)
        assert (before, raised(request), raised(request)) == (0 if left == 7 * DAY else before, 1, 0)
    assert due_at < dt.datetime.now(dt.UTC)


def test_after_a_day_without_beat_every_alarm_is_raised_once(monkeypatch):
    requests = [filed("access") for _n in range(4)]
    for request, left in zip(requests, (6 * DAY, 2 * DAY, 20 * HOUR, 2 * HOUR), strict=True):
        due_in(request, left)
    lines = [line for line in raise_urgent_alarms() if "must be answered by" in line]
    assert len(lines) == len(requests)
    # Also where the cache was lost.
    monkeypatch.setattr("portal.operations.alarms._is_new", lambda _kind: True)
    assert [line for line in raise_urgent_alarms() if "must be answered by" in line] == []


def test_a_request_that_passes_a_step_while_beat_is_away_raises_that_alarm_once(monkeypatch):
    """Beat is away for a day: 12 hours before a step it still ran, 12 hours after it, it runs again."""
    cases = {7 * DAY: 12 * HOUR, 3 * DAY: 12 * HOUR, DAY: 12 * HOUR, 4 * HOUR: 2 * HOUR, dt.timedelta(0): 12 * HOUR}
    requests = {left: filed("access") for left in cases}
    for left, before in cases.items():
        due_in(requests[left], left + before)
    raise_urgent_alarms()
    for left, before in cases.items():
        due_in(requests[left], left + before - DAY)
    lines = raise_urgent_alarms()
    assert {left: sum(each.reference in line for line in lines) for left, each in requests.items()} == dict.fromkeys(
        cases, 1
    )
    assert [line for line in raise_urgent_alarms() if "must be answered by" in line] == []
    # An hour later only what is late is said again.
    monkeypatch.setattr("portal.operations.alarms._is_new", lambda _kind: True)
    again = [line for line in raise_urgent_alarms() if "must be answered by" in line]
    late = {requests[left].reference for left, before in cases.items() if left + before < DAY}
    assert {reference for reference in late if any(reference in line for line in again)} == late
    assert len(again) == len(late)


def test_one_whose_mail_fails_is_raised_again(monkeypatch, settings):
    request = filed("access")
    due_in(request, 2 * DAY)
    settings.ALARM_EMAIL = "operator@example.com"
    monkeypatch.setattr("portal.operations.alarms.send_mail", lambda *_mail: 1 / 0)
    assert raised(request) == 1
    assert not RaisedAlarm.objects.exists()
    monkeypatch.setattr("portal.operations.alarms.send_mail", lambda *_mail: 1)
    assert (raised(request), raised(request)) == (1, 0)


def test_a_late_request_turns_the_first_page_and_the_metrics_red(client):
    request = filed("access")
    due_in(request, -HOUR)
    assert raised(request) == 1
    shown = client_of(make_staff()).get("/admin/").content.decode()
    assert "need-urgent" in shown
    assert "Requests that are late" in shown
    assert request.reference in shown
    assert "portal_requests_late 1.0" in client.get("/metrics").content.decode()
