"""Django's caches, in Redis or in a table, that count and keep JSON only.

Counting: limits of tries need counters that cannot be reset. JSON: Django's caches store pickles, and loading a pickle
runs code, so that a writer to Redis or to the table could run code in the process that holds the master keys.
"""
# mypy: disable-error-code="misc,override,attr-defined,no-any-return"
# Django's types do not name the cache's client.

import json
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import connections, router, transaction
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# The alias of the cache in a table. It also exists beside Redis, for values that must survive a restart of Redis.
TABLE = "database"
PROBE = "probe"
CONNECT_SECONDS, ANSWER_SECONDS = 0.5, 1.0
REMEMBERED_SECONDS = 10.0
# Until when this process does not call each Redis server, by its monotonic clock.
_away_until: dict[str, float] = {}

# A script of Redis; the first count sets the expiry.
COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCR', key)
  if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
"""
DELETE_EXPIRED = "DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table} WHERE expires <= %s {marks})"
# `COUNT` in SQL. An expired row counts as absent. It is not deleted here: other transactions would wait for the row.
ADD_ONE = """
INSERT INTO {table} (cache_key, value, expires) VALUES {marks}
ON CONFLICT (cache_key) DO UPDATE SET
  value = CASE WHEN {table}.expires <= %s THEN excluded.value ELSE CAST(CAST({table}.value AS integer) + 1 AS text) END,
  expires = CASE WHEN {table}.expires <= %s THEN excluded.expires ELSE {table}.expires END
"""
READ = "SELECT cache_key, value FROM {table} WHERE cache_key IN ({marks})"
READ_LIVING = READ + " AND expires > %s"
ADD = "INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) ON CONFLICT (cache_key) "
WRITE = {
    "add": ADD + "DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE {table}.expires <= %s",
    "set": ADD + "DO UPDATE SET value = excluded.value, expires = excluded.expires",
}
PROLONG = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires > %s"


class JsonSerializer:
    """Turns a value into JSON and back: numbers, texts, true, false, null, and lists and objects of them."""

    def dumps(self, value: Any) -> str:
        """Return a value as JSON, a whole number as Redis counts it. Raises `TypeError` for anything else."""
        return json.dumps(value, allow_nan=False)

    def loads(self, data: bytes | str) -> Any:
        """Return the value, or None where the data is not JSON."""
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            logger.warning("The cache holds a value that is not JSON: it counts as missing.")
            return None


class _Client(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}
        self._count: Any = None

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        """Return the client of a server; it takes a connection from the pool for each command."""
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each counter, and set its expiry in seconds; return the counts in order."""
        client = self.get_client(write=True)
        if self._count is None:
            self._count = client.register_script(COUNT)
        return self._count(keys=list(counters), args=list(counters.values()), client=client)


class OneClientRedisCache(RedisCache):
    """Django's cache in Redis with one client object, where Django makes one for each command."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = {
            "serializer": JsonSerializer,
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = _Client

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, and return them; the first count sets the expiry in seconds."""
        return self._cache.count({self.make_and_validate_key(key): seconds for key, seconds in counters.items()})


class CountingDatabaseCache(DatabaseCache):
    """Django's cache in a table of the database, with values in JSON; a counter is a row of it.

    A row is deleted only after its expiry: Django's culling would delete counters that still count.
    """

    serializer = JsonSerializer()

    def is_away(self) -> bool:
        """Return False: this cache has no substitute."""
        return False

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the existing values by their keys."""
        wanted = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not wanted:
            return {}
        connection = connections[router.db_for_read(self.cache_model_class)]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(self._sql(READ_LIVING, ", ".join(["%s"] * len(wanted))), [*wanted, now])
            return {wanted[key]: self.serializer.loads(value) for key, value in cursor.fetchall()}

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Do Django's `add`, `set` or `touch`; return whether a row was written."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        at = self.get_backend_timeout(timeout)
        end = datetime.max.replace(tzinfo=UTC) if at is None else datetime.fromtimestamp(at, UTC)
        adapted = connection.ops.adapt_datetimefield_value
        now, expires = adapted(timezone.now()), adapted(end.replace(microsecond=0))
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            if mode == "touch":
                cursor.execute(self._sql(PROLONG), [expires, key, now])
            else:
                written = [key, self.serializer.dumps(value), expires]
                cursor.execute(self._sql(WRITE[mode]), [*written, now] if mode == "add" else written)
            return cursor.rowcount == 1

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, and return them; the first count sets the expiry in seconds."""
        if not counters:
            return []
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = timezone.now().replace(microsecond=0)
        keys = {self.make_and_validate_key(key): now + timedelta(seconds=counters[key]) for key in counters}
        # In order, so that two transactions with the same counters cannot deadlock.
        ends = [(key, connection.ops.adapt_datetimefield_value(keys[key])) for key in sorted(keys)]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            values, over = list(chain(*ends)), connection.ops.adapt_datetimefield_value(now)
            cursor.execute(self._sql(ADD_ONE, ", ".join(["(%s, '1', %s)"] * len(ends))), [*values, over, over])
            cursor.execute(self._sql(READ, ", ".join(["%s"] * len(ends))), list(keys))
            counts = dict(cursor.fetchall())
        return [int(counts[key]) for key in keys]

    def remove_expired(self) -> int:
        """Delete expired rows, except locked ones; return how many."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        skips = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(DELETE_EXPIRED, skips), [now])
            return int(cursor.rowcount)

    def _sql(self, statement: str, marks: str = "") -> str:
        return statement.format(table=self._table, marks=marks)


class RedisOrTableCache(OneClientRedisCache):
    """The cache in Redis; while Redis is away, the cache in the table, so that sign-in and its limits work.

    After a failure the whole process does not call Redis for some seconds. Counters start at zero in the table, and
    continue in Redis where they were.
    """

    def _ask(self, operation: str, *args: Any, **options: Any) -> Any:
        """Do one operation in Redis, else in the table."""
        server = str(self._servers[0])
        if time.monotonic() >= _away_until.get(server, 0):
            try:
                return getattr(super(), operation)(*args, **options)
            except RedisError as error:
                logger.warning("Redis does not answer (%s): the database replaces it.", type(error).__name__)
                _away_until[server] = time.monotonic() + REMEMBERED_SECONDS
        return getattr(caches[TABLE], operation)(*args, **options)

    def is_away(self) -> bool:
        """Whether the table is used instead of Redis now."""
        self.get(PROBE)
        return time.monotonic() < _away_until.get(str(self._servers[0]), 0)

    def add(self, *args: Any, **options: Any) -> bool:
        """Store a value where there is none; return whether it was stored."""
        return self._ask("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        """Return a value, or the default."""
        return self._ask("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> None:
        self._ask("set", *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        """Extend the expiry of a value; return whether it exists."""
        return self._ask("touch", *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        """Delete a value; return whether it existed."""
        return self._ask("delete", *args, **options)

    def get_many(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the existing values by their keys."""
        return self._ask("get_many", *args, **options)

    def set_many(self, *args: Any, **options: Any) -> list[str]:
        return self._ask("set_many", *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._ask("delete_many", *args, **options)

    def has_key(self, *args: Any, **options: Any) -> bool:
        """Whether there is a value."""
        return self._ask("has_key", *args, **options)

    def incr(self, *args: Any, **options: Any) -> int:
        """Add to a number and return it."""
        return self._ask("incr", *args, **options)

    def clear(self) -> None:
        self._ask("clear")

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, in the cache that answers."""
        return self._ask("count", counters)
