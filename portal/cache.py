"""Django's Redis cache, which makes a client object for each command, with one for all; it counts by one command."""
# mypy: disable-error-code="misc,override,attr-defined,no-any-return"
# Django's types do not name the cache's client.

from collections.abc import Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# The first to count begins the time after which a counter goes.
COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCR', key)
  if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
"""


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
    """The same, in every other way."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def count(self, counters: Mapping[str, int]) -> list[int]:
        """Add one to each of some counters, and return them; a first count begins the seconds after which it goes."""
        return self._cache.count({self.make_and_validate_key(key): seconds for key, seconds in counters.items()})
