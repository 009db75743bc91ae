"""Django's Redis cache, which makes a client object for each command, with one for all."""
# mypy: disable-error-code="misc,override,attr-defined,no-any-return"
# Django's types do not name the cache's client.

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class _Client(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        """Return the client of a server; it takes a connection from the pool for each command."""
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


class OneClientRedisCache(RedisCache):
    """The same, in every other way."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
