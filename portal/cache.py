"""Django's caches, in Redis or in a table, that count besides: what limits tries needs counters that nothing resets."""
# mypy: disable-error-code="misc,override,attr-defined,no-any-return"
# Django's types do not name the cache's client.

from collections.abc import Mapping
from datetime import timedelta
from itertools import chain
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import connections, router, transaction
from django.utils import timezone

# The first to count begins the time after which a counter goes.
COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCR', key)
  if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
"""
# The same in SQL.
FORGET = "DELETE FROM {table} WHERE expires <= %s"
ADD_ONE = """
INSERT INTO {table} (cache_key, value, expires) VALUES {marks}
ON CONFLICT (cache_key) DO UPDATE SET value = CAST(CAST({table}.value AS integer) + 1 AS text)
"""
READ = "SELECT cache_key, value FROM {table} WHERE cache_key IN ({marks})"


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
        """Add one to each counter, which goes after its seconds, and return them in turn."""
        client = self.get_client(write=True)
        if self._count is None:
            self._count = client.register_script(COUNT)
        return self._count(keys=list(counters), args=list(counters.values()), client=client)


class OneClientRedisCache(RedisCache):
    """Django's cache in Redis, with one client object where it makes one for each command; it counts by one command."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, and return them; a first count begins the seconds after which it goes."""
        return self._cache.count({self.make_and_validate_key(key): seconds for key, seconds in counters.items()})


# More than a small portal ever keeps: beyond, Django makes room by taking what still counts.
MOST_ENTRIES = 1_000_000


class CountingDatabaseCache(DatabaseCache):
    """Django's cache in a table of the database; counters are rows of it that only `count` reads."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, params)
        self._max_entries = MOST_ENTRIES

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, and return them; a first count begins the seconds after which it goes."""
        if not counters:
            return []
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = timezone.now().replace(microsecond=0)
        keys = {self.make_and_validate_key(key): now + timedelta(seconds=counters[key]) for key in counters}
        # In order, so that of two who count the same none waits for the other in turn.
        ends = [(key, connection.ops.adapt_datetimefield_value(keys[key])) for key in sorted(keys)]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(self._sql(FORGET), [connection.ops.adapt_datetimefield_value(now)])
            cursor.execute(self._sql(ADD_ONE, ", ".join(["(%s, '1', %s)"] * len(ends))), list(chain(*ends)))
            cursor.execute(self._sql(READ, ", ".join(["%s"] * len(ends))), list(keys))
            counts = dict(cursor.fetchall())
        return [int(counts[key]) for key in keys]

    def _sql(self, statement: str, marks: str = "") -> str:
        return statement.format(table=self._table, marks=marks)
