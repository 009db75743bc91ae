"""Staff who may see counts read them, and can change nothing."""

import datetime as dt

import pytest
from django.test import Client

from privacy.retention.models import MonthlyCount, Purge
from tests.factories import make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return client_of(make_staff("Privacy officer"))


def test_the_counts_are_listed(officer: Client):
    for month in (1, 2):
        MonthlyCount.objects.create(
            month=dt.date(2025, month, 1), jurisdiction="intl", kind="individual", country="RS", registered=1234 + month
        )
    page = officer.get("/admin/privacy/monthlycount/").content.decode()
    assert "1235" in page
    assert "1236" in page
    assert "Serbia" in page
    assert "/change/" not in page


def test_what_went_by_age_is_listed(officer: Client):
    Purge.objects.create(record="accounts.securityevent", last_count=77, total=4321)
    page = officer.get("/admin/privacy/purge/").content.decode()
    assert "security events" in page
    assert "4321" in page


@pytest.mark.parametrize("act", ["change", "delete"])
def test_nothing_is_changed_by_hand(officer: Client, act: str):
    row = MonthlyCount.objects.create(
        month=dt.date(2025, 1, 1), jurisdiction="intl", kind="individual", country="RS", registered=12
    )
    officer.post(f"/admin/privacy/monthlycount/{row.pk}/{act}/", {"registered": 99, "post": "yes"})
    assert list(MonthlyCount.objects.values_list("registered", flat=True)) == [12]
