"""Django's Redis cache, which makes a client object for each command, with one for all; and counts by one command."""
# mypy: disable-error-code="misc,override,attr-defined,no-any-return"
# Django's types do not name the cache's client.

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# Nothing where there is no such key: whoever counts begins it, with the time after which it goes.
INCREMENT = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end"


class _Client(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}
        self._increment: Any = None

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        """Return the client of a server; it takes a connection from the pool for each command."""
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]

    def incr(self, key: str, delta: int) -> int:
        """Add to a counter, and return it. Raises `ValueError` where there is none."""
        client = self.get_client(key, write=True)
        if self._increment is None:
            self._increment = client.register_script(INCREMENT)
        counted = self._increment(keys=[key], args=[delta], client=client)
        if counted is None:
            raise ValueError("There is no such counter.")
        return counted


class OneClientRedisCache(RedisCache):
    """The same, in every other way."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
