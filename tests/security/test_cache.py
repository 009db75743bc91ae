"""The cache runs no stored code, and works in the database while Redis is away."""

import base64
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from portal.operations.alarms import raise_urgent_alarms
from portal.runtime import cache as portal_cache
from portal.runtime.cache import CountingDatabaseCache, RedisOrTableCache
from tests.faults.servers import OwnRedis, free_port

RAN: list[str] = []


class Planted:
    def __reduce__(self):
        return RAN.append, ("ran",)


@pytest.fixture(autouse=True)
def _nothing_ran() -> Iterator[None]:
    RAN.clear()
    portal_cache._away_until.clear()
    yield
    portal_cache._away_until.clear()
    assert RAN == []


@pytest.fixture
def away() -> RedisOrTableCache:
    """The cache of a Redis that does not answer."""
    return RedisOrTableCache(f"redis://127.0.0.1:{free_port()}/0", {})


@pytest.mark.redis
def test_a_pickle_written_to_redis_is_never_opened(settings):
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.set(cache.make_key("probe"), pickle.dumps(Planted()))
    assert cache.get("probe") is None
    assert cache.get_many(["probe"]) == {"probe": None}
    client.delete(cache.make_key("probe"))


def test_a_pickle_written_to_the_table_is_never_opened():
    table = caches["database"]
    table.set("probe", "value")
    pickled = base64.b64encode(pickle.dumps(Planted())).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_cache SET value = %s WHERE cache_key = %s", [pickled, table.make_key("probe")])
    assert table.get("probe") is None


@pytest.mark.parametrize("alias", ["default", "database"])
def test_the_cache_keeps_json_and_refuses_everything_else(alias):
    for value in (None, True, 7, "text", ["a", 1], {"a": {"b": None}}):
        caches[alias].set("kept", value, timeout=60)
        assert caches[alias].get("kept", "missing") == value
    for value in (Planted(), b"bytes", {1, 2}, float("nan")):
        with pytest.raises((TypeError, ValueError)):
            caches[alias].set("kept", value)


def test_the_table_adds_once_prolongs_and_forgets():
    table = caches["database"]
    assert [table.add("once", 1, timeout=60), table.add("once", 2, timeout=60)] == [True, False]
    assert [table.touch("once", 120), table.touch("never", 120)] == [True, False]
    assert table.get("once") == 1
    table.set("once", 3, timeout=0)
    assert table.get("once") is None
    assert table.add("once", 4, timeout=None)
    assert table.get_many(["once", "never"]) == {"once": 4}


def test_while_redis_is_away_the_database_counts_and_keeps(away):
    assert [away.count({"try": 60}), away.count({"try": 60, "other": 60})] == [[1], [2, 1]]
    assert [away.add("used", 1, timeout=60), away.add("used", 1, timeout=60)] == [True, False]
    assert (away.get("used"), caches["database"].get("used")) == (1, 1)
    assert away.is_away()
    away.delete("used")
    assert not away.has_key("used")


def test_an_outage_of_redis_is_remembered_so_that_requests_do_not_wait(caplog):
    # An address that never answers: TEST-NET-1 of RFC 5737.
    cached = RedisOrTableCache("redis://192.0.2.1:6379/0", {})
    with caplog.at_level(logging.WARNING):
        assert [cached.count({"try": 60}) for _ in range(20)] == [[count] for count in range(1, 21)]
    assert caplog.text.count("the database replaces it") == 1


@pytest.mark.redis
def test_redis_counts_again_once_it_is_back(tmp_path: Path):
    with OwnRedis(tmp_path) as own:
        cached = RedisOrTableCache(own.url, {})
        assert cached.count({"try": 60}) == [1]
        own.process.kill()
        own.process.wait()
        assert cached.count({"try": 60}) == [1]
        assert isinstance(caches["database"], CountingDatabaseCache)
        own.start()
        assert cached.count({"try": 60}) == [2]  # still remembered as away
        portal_cache._away_until.clear()
        assert cached.count({"try": 60}) == [1]
        assert not cached.is_away()


@pytest.mark.parametrize("answers", [True, False])
def test_an_outage_of_redis_is_a_figure_and_an_alarm(client: Client, monkeypatch, answers: bool):
    monkeypatch.setattr(type(caches["default"]), "is_away", lambda _self: not answers)
    assert f"portal_redis_away {int(not answers)}.0" in client.get("/metrics").content.decode()
    said = raise_urgent_alarms()
    assert ("Redis does not respond: the database counts attempts, and beat runs the sweeps" in said) == (not answers)
    assert client.get("/readyz").status_code == 200
    assert (client.get("/readyz").json()["cache"] == "ok") == answers
