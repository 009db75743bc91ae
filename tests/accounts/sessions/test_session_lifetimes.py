"""A session ends a set time after the sign-in, and a shorter time after its last use; sooner for staff."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.sessions.tasks import remove_expired_sessions
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
IsOpen = Callable[[], bool]


@pytest.fixture(params=["page", "app"])
def is_open(request, person: User) -> IsOpen:
    """Whether a session is still signed in, of a browser and of an app."""
    if request.param == "page":
        browser = Client()
        browser.post("/sign-in/", {"login": person.username, "password": PASSWORD})
        return lambda: browser.get("/home/").status_code == 200
    app = App()
    app.sign_in(person.username, PASSWORD)
    return lambda: app.get("me").status_code == 200


def used_every(step: dt.timedelta, until: dt.timedelta, is_open: IsOpen) -> dt.timedelta:
    """Use a session again and again; return after which time it still worked at last."""
    start, passed, worked = timezone.now(), dt.timedelta(0), dt.timedelta(0)
    while passed < until:
        passed += step
        with time_machine.travel(start + passed, tick=False):
            if not is_open():
                break
            worked = passed
    return worked


def test_a_session_in_use_ends_after_its_lifetime(settings, is_open: IsOpen):
    settings.SESSION_LIFETIME = 6 * MINUTE
    start = timezone.now()
    with time_machine.travel(start + dt.timedelta(seconds=330)):
        assert is_open()
    with time_machine.travel(start + dt.timedelta(seconds=660)):
        assert not is_open()


def test_use_does_not_stretch_the_lifetime_of_30_days(is_open: IsOpen):
    assert used_every(10 * DAY - MINUTE, 60 * DAY, is_open) == 3 * (10 * DAY - MINUTE)


def test_an_idle_session_ends_after_14_days(is_open: IsOpen):
    with time_machine.travel(timezone.now() + 13 * DAY):
        assert is_open()
        with time_machine.travel(timezone.now() + 14 * DAY):
            assert not is_open()


def test_a_session_of_staff_lasts_12_hours_in_use_and_one_hour_idle(person: User, is_open: IsOpen):
    User.objects.filter(pk=person.pk).update(is_staff=True)  # after the sign-in: staff's limits hold at once
    assert used_every(50 * MINUTE, 24 * HOUR, is_open) == 14 * 50 * MINUTE


def test_an_idle_session_of_staff_ends_after_one_hour(person: User, is_open: IsOpen):
    User.objects.filter(pk=person.pk).update(is_staff=True)
    with time_machine.travel(timezone.now() + HOUR):
        assert not is_open()


def test_a_short_idle_lifetime_is_measured_finely(settings, is_open: IsOpen):
    settings.SESSION_IDLE_LIFETIME = MINUTE
    assert used_every(50 * dt.timedelta(seconds=1), 5 * MINUTE, is_open) == 6 * 50 * dt.timedelta(seconds=1)


def test_the_times_count_that_were_sealed_and_not_the_column(settings, is_open: IsOpen):
    settings.SESSION_LIFETIME = HOUR
    Session.objects.update(expire_date=timezone.now() + 1000 * DAY)
    with time_machine.travel(timezone.now() + HOUR):
        assert not is_open()


def test_a_row_says_when_it_ends_and_is_swept_then(settings, signed_in: Client):
    settings.SESSION_IDLE_LIFETIME, settings.SESSION_LIFETIME = 3 * DAY, DAY
    signed_in.post("/sign-in/again/", {"password": PASSWORD})
    assert abs(Session.objects.get().expire_date - timezone.now() - DAY) < MINUTE
    Session.objects.update(expire_date=timezone.now() - MINUTE)
    remove_expired_sessions()
    assert not Session.objects.exists()


def test_the_cookie_lasts_no_longer_than_the_session(settings, person: User, client: Client):
    settings.SESSION_LIFETIME = HOUR
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert 3590 <= client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 3600


def test_a_session_that_has_ended_is_not_listed(settings, person: User, signed_in: Client):
    other = Client()
    other.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    User.objects.filter(pk=person.pk).update(is_staff=True)
    start = timezone.now()
    for minutes in (50, 100):
        with time_machine.travel(start + minutes * MINUTE):
            signed_in.get("/home/")
            sessions = [device.session for device in signed_in.get("/settings/devices/").context["signed_in"]]
    assert [session.is_this for session in sessions] == [True]
