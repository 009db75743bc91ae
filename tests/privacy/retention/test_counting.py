"""A finished month is counted once, and the kept counts identify no one."""

import datetime as dt
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.profiles.models import Profile
from accounts.profiles.services import new_profile
from accounts.registration.monthly_counts import verified_registrations
from accounts.users.models import User
from privacy.encryption.keys import destroy_keys
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account
from privacy.retention import counting
from privacy.retention.counting import MonthNotOver, count_finished_months, count_month
from privacy.retention.models import ClosedMonth, MonthlyCount
from privacy.subjects.models import DataSubject
from tests.erasures import due
from tests.factories import make_person, make_user
from tests.parallel import in_parallel

MONTH = dt.date(2025, 3, 1)
START, END = dt.datetime(2025, 3, 1, tzinfo=dt.UTC), dt.datetime(2025, 4, 1, tzinfo=dt.UTC)


def registered(count: int, country: str = "RS", *, at: dt.datetime = START, kind: str = "individual") -> list[User]:
    """Return this many people, verified at a time."""
    people = []
    for _ in range(count):
        user = make_user(jurisdiction="cn" if country == "CN" else "intl")
        new_profile(subject=user.subject, kind=kind, values={"name": "Maria Petrović", "country": country}).save()
        people.append(user)
    User.objects.filter(pk__in=[user.pk for user in people]).update(verified_at=at)
    DataSubject.objects.filter(pk__in=[user.subject_id for user in people]).update(created_at=at)
    return people


def counts() -> dict[tuple[str, str, str], int]:
    return {(row.jurisdiction, row.kind, row.country): row.registered for row in MonthlyCount.objects.all()}


def groups(month: dt.date = MONTH) -> list[tuple[str, str, str]]:
    start = dt.datetime(month.year, month.month, 1, tzinfo=dt.UTC)
    return list(verified_registrations(start, end=(start + dt.timedelta(days=32)).replace(day=1)))


def test_groups_of_ten_are_kept_and_smaller_ones_go_together():
    registered(10, "RS")
    registered(6, "DE")
    registered(5, "IT")
    registered(5, "FR", at=END - dt.timedelta(microseconds=1))
    registered(9, "CN")
    registered(3, "JP", kind="enterprise")
    assert count_month(month=MONTH)
    assert counts() == {("intl", "individual", "RS"): 10, ("intl", "individual", "other"): 16}


def test_only_the_verified_of_that_month_are_counted():
    registered(1, at=START - dt.timedelta(microseconds=1))
    registered(1, at=END)
    waiting = registered(1)[0]
    User.objects.filter(pk=waiting.pk).update(verified_at=None)
    registered(1)
    assert groups() == [("intl", "individual", "RS")]


def test_staff_and_people_who_cancelled_are_not_counted():
    gone, member = registered(2)
    cancel_account(subject=gone.subject)
    User.objects.filter(pk=member.pk).update(is_staff=True)
    assert groups() == []


def test_a_person_erased_during_the_count_is_not_counted():
    gone, stays = registered(2)
    destroy_keys([gone.subject_id])
    assert groups() == [("intl", "individual", "RS")]
    assert stays.is_verified


def test_a_month_is_counted_once_and_counting_again_changes_nothing():
    registered(10)
    assert count_month(month=MONTH)
    registered(10, "DE")
    before = counts()
    assert not count_month(month=MONTH)
    count_finished_months()
    assert counts() == before


def test_a_month_of_which_nothing_is_kept_is_closed_too():
    registered(3)
    assert count_month(month=MONTH)
    registered(10)
    assert not count_month(month=MONTH)
    assert counts() == {}


def test_a_month_that_is_not_over_is_not_counted():
    make_person()
    this_month = timezone.now().date().replace(day=1)
    with pytest.raises(MonthNotOver):
        count_month(month=this_month)
    assert count_finished_months() == 0
    assert not ClosedMonth.objects.exists()


def test_every_finished_month_since_the_first_person_is_counted():
    now = timezone.now()
    first = (now.replace(day=1) - dt.timedelta(days=70)).replace(day=15)
    registered(10, at=first)
    months = (now.year - first.year) * 12 + now.month - first.month
    over = count_finished_months()
    assert over in (months, months - 1)  # a month is not counted in the first hour after its end
    assert ClosedMonth.objects.count() == over
    assert MonthlyCount.objects.get().month == first.date().replace(day=1)
    assert count_finished_months() == 0


def test_without_anybody_there_is_nothing_to_count():
    assert count_finished_months() == 0


def test_a_count_that_fails_leaves_the_month_open():
    registered(10)
    with patch.object(counting, "suppress_small_groups", side_effect=RuntimeError), pytest.raises(RuntimeError):
        count_month(month=MONTH)
    assert not ClosedMonth.objects.exists()
    assert count_month(month=MONTH)


def test_the_database_refuses_a_count_of_a_few():
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyCount.objects.create(month=MONTH, jurisdiction="intl", kind="individual", country="RS", registered=9)


def test_nothing_kept_leads_to_a_person_before_or_after_their_erasure():
    people = registered(10) + registered(6, "DE") + registered(6, "FR")
    count_month(month=MONTH)
    before = kept_bytes()
    for user in people:
        due(user)
    erase_due_accounts()
    assert not User.objects.exists()
    assert not Profile.objects.exists()
    assert kept_bytes() == before
    for user in people:
        for identifier in (user.pk, user.subject_id, user.submission):
            assert_absent(identifier, before)
    assert {column.name for column in MonthlyCount._meta.concrete_fields} == {
        *("id", "month", "jurisdiction", "kind", "country", "registered")
    }
    assert not any(column.is_relation for column in MonthlyCount._meta.get_fields())
    assert not any(column.is_relation for column in ClosedMonth._meta.get_fields())


def kept_bytes() -> str:
    """The contents of both tables."""
    kept = []
    with connection.cursor() as cursor:
        for model in (MonthlyCount, ClosedMonth):
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")  # noqa: S608 - our own table's name
            kept += [[str(value) for value in row] for row in cursor.fetchall()]
    assert kept
    return str(kept)


def assert_absent(identifier: UUID, text: str) -> None:
    assert str(identifier) not in text
    assert identifier.hex not in text


def test_the_order_of_a_month_s_rows_does_not_reveal_who_came_first():
    """The rows of a month are written in one statement, ordered by their groups and not by people."""
    registered(10, "RS", at=START + dt.timedelta(days=9))
    registered(10, "DE", at=START)
    count_month(month=MONTH)
    assert [row.country for row in MonthlyCount.objects.order_by("pk")] == ["DE", "RS"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_workers_at_once_count_a_month_once():
    registered(10)
    counted = []
    in_parallel(4, lambda _n: counted.append(count_month(month=MONTH)))
    assert sorted(counted) == [False, False, False, True]
    assert counts() == {("intl", "individual", "RS"): 10}
