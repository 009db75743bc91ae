"""Both caches count: each try once, until the counter's own seconds are over, whatever else the cache keeps."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from portal.operations.tasks import remove_expired_cache_rows
from portal.runtime.cache import CountingDatabaseCache
from tests.parallel import in_parallel

NOW = timezone.now().replace(microsecond=0)


def after(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOW + dt.timedelta(seconds=seconds), tick=False)


@pytest.fixture
def table() -> CountingDatabaseCache:
    """The cache of the embedded default, on whichever database the tests run."""
    call_command("createcachetable", "portal_cache", verbosity=0)
    counting = CountingDatabaseCache("portal_cache", {})
    counting.clear()
    return counting


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        return int(cursor.fetchone()[0])


def test_counters_are_counted_together_and_returned_in_turn():
    assert cache.count({"b": 60, "a": 60}) == [1, 1]
    assert cache.count({"a": 60, "c": 60, "b": 60}) == [2, 1, 2]
    assert cache.count({}) == []


def test_a_counter_expires_after_its_first_count(table):
    for passed, count in [(0, 1), (3000, 2), (3599, 3), (3601, 1)]:
        with after(passed):
            assert table.count({"hour": 3600}) == [count]


def test_a_full_cache_lets_no_counter_go(table):
    with after(0):
        table.count({"first": 3600})
        for number in range(8):
            table.count({f"{number}-{other}": 60 for other in range(100)})
        table.set("usual", "value")
        assert table.count({"first": 3600}) == [2]


def test_what_is_over_is_absent_and_cleared_away_by_the_sweep():
    table = caches["database"]
    with after(0):
        table.count({str(number): 60 for number in range(100)})
        table.set("kept", "value", timeout=60)
    with after(61):
        assert table.get("kept") is None
        assert not table.has_key("kept")
        assert not table.touch("kept", 60)
        assert table.add("kept", "again", timeout=60)
        assert not table.add("kept", "once more", timeout=60)
        assert table.count({"0": 60}) == [1]
        assert remove_expired_cache_rows() == 99
        assert (table.get("kept"), table.count({"0": 60})) == ("again", [2])
    assert rows() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_count_does_not_block_other_transactions(table):
    with after(0):
        table.count({f"over-{number}": 1 for number in range(10)})
    with after(60), ThreadPoolExecutor(1) as other, transaction.atomic():
        table.count({"mine": 60})
        # Waits for ever where counting holds more than its own rows.
        assert other.submit(counted_elsewhere, table).result(timeout=20) == [[1], 10]


def counted_elsewhere(table: CountingDatabaseCache) -> list[object]:
    try:
        return [table.count({"theirs": 60}), table.remove_expired()]
    finally:
        connections.close_all()


def test_what_is_kept_besides_stays_as_it_is(table):
    table.set("usual", {"a": 1}, timeout=60)
    table.count({"counter": 60})
    assert table.get("usual") == {"a": 1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_tries_at_once_are_all_counted(table):
    keys = {"one": 60, "two": 60}
    turned = dict(reversed(keys.items()))
    assert in_parallel(20, lambda number: table.count(turned if number % 2 else keys)) == ["done"] * 20
    assert table.count(keys) == [21, 21]
