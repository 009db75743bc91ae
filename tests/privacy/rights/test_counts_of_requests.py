"""Decided items are counted by month, right, outcome and days taken, from evidence, without small groups."""

import datetime as dt
import html
from typing import Any
from uuid import UUID, uuid4

import pytest

from privacy.operations.roles import AUDITOR, SUPPORT
from privacy.policies.grounds import RetentionGround
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.staff import counting
from privacy.rights.staff.counting import counts_by_month
from tests.factories import make_staff
from tests.privacy.rights.in_admin import QUEUE, read
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
COUNTS = f"{QUEUE}counts/"


@pytest.fixture(autouse=True)
def _at_the_end_of_november(monkeypatch):
    monkeypatch.setattr(counting, "database_now", lambda: NOW)


def decided(number: int, right: str, outcome: str, *, at: dt.datetime, days: float, exception: str = "") -> None:
    for _n in range(number):
        request = uuid4()
        append(request, "received", at - dt.timedelta(days=days))
        details = {"exception": exception} if exception else {}
        append(request, "decided", at, right=right, outcome=outcome, details=details)


def append(request: UUID, act: str, at: dt.datetime, **more: Any) -> None:
    RequestRecord.append(RequestRecord(request=request, reference="X", act=act, at=at, **more))


def shown() -> list[tuple[str, str, str, str, int]]:
    return [(each.month, each.right, each.outcome, each.days, each.items) for each in counts_by_month()]


def test_a_group_of_ten_is_shown_and_a_smaller_one_is_not():
    october = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    decided(10, "access", "done", at=october, days=0.5)
    decided(9, "access", "refused", at=october, days=14)
    decided(12, "deletion", "done", at=october, days=15.5)
    assert shown() == [
        ("2026-10", "Delete my data", "Done", "up to 30", 12),
        ("2026-10", "See my data", "Done", "up to 1", 10),
    ]


def test_small_groups_are_counted_together_where_no_small_one_follows():
    october = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    for outcome in ("done", "refused", "partly"):
        decided(7, "question", outcome, at=october, days=100)
    assert shown() == [("2026-10", "Ask a question", "other", "", 21)]


def test_refusals_are_counted_by_their_exception_and_by_nothing_else():
    october = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    decided(10, "deletion", "refused", at=october, days=1, exception="1.7.1")
    decided(5, "deletion", "refused", at=october, days=1, exception="1.7.11")
    decided(6, "deletion", "refused", at=october, days=20, exception="1.7.11")
    decided(3, "deletion", "partly", at=october, days=20, exception="1.7.1")
    counted = {(each.outcome, each.exception, each.days): each.items for each in counts_by_month()}
    assert counted == {
        ("Refused", str(RetentionGround("1.7.1").label), ""): 10,
        ("Refused", str(RetentionGround("1.7.11").label), ""): 11,
    }
    page = read(make_staff(AUDITOR, username="auditor"), COUNTS)
    assert str(RetentionGround("1.7.11").label) in html.unescape(page)


def test_only_whole_months_of_the_last_two_years_are_counted():
    decided(10, "access", "done", at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), days=1)
    decided(10, "access", "done", at=dt.datetime(2024, 11, 1, tzinfo=dt.UTC), days=70)
    decided(10, "access", "done", at=dt.datetime(2024, 10, 31, 23, tzinfo=dt.UTC), days=1)
    assert shown() == [("2024-11", "See my data", "Done", "more than 60", 10)]


def test_those_who_read_the_evidence_see_the_counts():
    decided(10, "access", "done", at=dt.datetime(2026, 10, 20, tzinfo=dt.UTC), days=1)
    auditor = make_staff(AUDITOR, username="auditor")
    assert "up to 1" in read(auditor, COUNTS)
    assert COUNTS in read(auditor, QUEUE)
    support = client_of(make_staff(SUPPORT))
    assert support.get(COUNTS).status_code == 403
