"""Permanent records of a person have a limit a day; totals over all people raise an alarm."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.tries import limits
from accounts.tries.limits import LIMITS, Limit
from accounts.tries.models import TryTotal
from accounts.tries.totals import count_total
from portal.operations.alarms import raise_urgent_alarms
from tests.app import App, registered
from tests.factories import make_person, make_policy
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded

FEW = 2


@pytest.fixture(autouse=True)
def _few_a_day(limits_on, monkeypatch: pytest.MonkeyPatch):
    for action in ("consent", "correction", "copy", "contact_change", "factor_change"):
        assert LIMITS[action]["person"].seconds == limits.DAY
        monkeypatch.setitem(LIMITS, action, {"person": Limit(FEW, limits.DAY)})


@pytest.fixture
def app() -> App:
    make_policy()
    return registered()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "me/consents", {"act": "granted", "purpose": "product_news"}),
        ("PATCH", "me", {"company_name": "Example"}),
        ("POST", "me/copies", {}),
        ("POST", "me/contacts/phone", {"value": "+4915123456780"}),
        ("POST", "auth/app", {"code": "000000"}),
        ("POST", "auth/recovery-codes", {}),
    ],
)
def test_an_app_writes_so_often_a_day_only(app: App, method: str, path: str, body: dict[str, str]):
    for _ in range(FEW):
        assert app.send(method, path, body).status_code != 429
    answer = app.send(method, path, body)
    assert answer.status_code == 429
    assert answer.json()["code"] == "rate_limited"
    assert 0 < int(answer.headers["Retry-After"]) <= limits.DAY


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/settings/privacy/purposes/product_news/", {"on": "yes"}),
        ("/settings/privacy/changes/", {"agreed": "on"}),
        ("/settings/profile/", {"name": "Example"}),
        ("/settings/privacy/copy/", {}),
        ("/settings/security/phone/", {"value": "+4915123456780"}),
        ("/settings/security/app/", {"code": "000000"}),
        ("/settings/security/recovery-codes/new/", {}),
    ],
)
def test_a_page_writes_so_often_a_day_only(signed_in: Client, path: str, data: dict[str, str]):
    for _ in range(FEW):
        assert signed_in.post(path, data).status_code != 429
    answer = signed_in.post(path, data)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    assert 0 < int(answer.headers["Retry-After"]) <= limits.DAY


def test_reading_is_not_counted_and_other_people_are_not_held_up(signed_in: Client):
    for _ in range(FEW + 2):
        assert signed_in.get("/settings/profile/").status_code == 200
        signed_in.post("/settings/privacy/copy/")
    assert client_of(make_person()).post("/settings/privacy/copy/").status_code == 302


def test_totals_over_all_people_are_figures_and_raise_an_alarm(client: Client, settings):
    settings.MOST_TRIES_OF_ALL = 3
    for _ in range(3):
        count_total(TryTotal.Kind.PASSWORD_FAILED)
    assert raise_urgent_alarms() == []
    count_total(TryTotal.Kind.PASSWORD_FAILED)
    assert raise_urgent_alarms() == ["4 wrong passwords were entered within five minutes"]
    assert raise_urgent_alarms() == []  # said once an hour
    figures = client.get("/metrics").content.decode()
    assert "portal_tries_password_failed_5m 4.0" in figures
    assert "portal_tries_code_asked_5m 0.0" in figures
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1, minutes=5)):
        count_total(TryTotal.Kind.FACTOR_FAILED)
        said = raise_urgent_alarms()
    assert not any("wrong" in line for line in said)  # of what is over nothing is said any more
