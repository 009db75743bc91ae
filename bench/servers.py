"""The servers of a run: PostgreSQL and Redis where they answer, with databases of the run's own; else SQLite."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import redis

POSTGRESQL = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432"
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/15"
# A large portal, a small one and its keys each, and the floor.
NAMES = ("large", "large_keys", "small", "small_keys", "erasing", "erasing_keys", "floor")


@contextmanager
def servers() -> Iterator[dict[str, dict[str, str]]]:
    """Make what a run needs; yield the environment of each stack by name, then drop it all."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, _databases(folder) as urls:
        common = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        common |= _redis() | {"PASSWORD_COST": "low", "PORTAL_ENV": "development"}
        yield {
            name: common
            | {"PORTAL_VAR": f"{folder}/{name}", "DJANGO_SETTINGS_MODULE": "portal.settings"}
            | {"DATABASE_URL": urls[name], "KEYS_DATABASE_URL": urls[f"{name}_keys"]}
            for name in ("large", "small", "erasing")
        } | {"floor": common | {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "DATABASE_URL": urls["floor"]}}


@contextmanager
def _databases(folder: str) -> Iterator[dict[str, str]]:
    try:
        server = psycopg.connect(_url_of("postgres"), autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        print("No PostgreSQL answers: measured on SQLite, where the targets are not stated.")
        yield {name: f"sqlite:///{folder}/{name}.sqlite3" for name in NAMES}
        return
    made = {name: f"portal_bench_{os.getpid()}_{name}" for name in NAMES}
    with server:
        for database in made.values():
            server.execute(f'CREATE DATABASE "{database}"')
        try:
            yield {name: _url_of(database) for name, database in made.items()}
        finally:
            for database in made.values():
                server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _url_of(database: str) -> str:
    server = urlsplit(POSTGRESQL)
    return f"{server.scheme}://{server.netloc}/{database}"


def _redis() -> dict[str, str]:
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        print("No Redis answers: the cache is a table.")
        return {}
    return {"REDIS_URL": REDIS}
