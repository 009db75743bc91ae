"""The servers of a run: PostgreSQL and Redis if they answer, with the run's own databases; else SQLite."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from urllib.parse import urlsplit

import psycopg
import redis

from portal.settings.databases import POSTGRESQL_OPTIONS, SQLITE_OPTIONS

POSTGRESQL = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432"
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/15"
PORTALS = ("large", "small", "erasing", "served")
PEERS = ("djoser", "dj_rest_auth", "allauth_headless")
# In process, and over HTTP.
FLOORS = ("floor", "served_floor")
NAMES = (*PORTALS, *(f"{name}_keys" for name in PORTALS), *FLOORS, *PEERS)


@contextmanager
def servers() -> Iterator[dict[str, dict[str, str]]]:
    """Make the databases of a run; yield the environment of each stack by name, then drop them."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, _databases(folder) as urls:
        common = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        common |= _redis() | {"PASSWORD_COST": "low", "PORTAL_ENV": "development"}
        yield {name: common | _portal(name, folder, urls) for name in PORTALS} | {
            name: common | _other(name, folder, urls[name]) for name in (*FLOORS, *PEERS)
        }


def _portal(name: str, folder: str, urls: dict[str, str]) -> dict[str, str]:
    databases = {"DATABASE_URL": urls[name], "KEYS_DATABASE_URL": urls[f"{name}_keys"]}
    return databases | {"PORTAL_VAR": f"{folder}/{name}", "DJANGO_SETTINGS_MODULE": "portal.settings"}


def _other(name: str, folder: str, url: str) -> dict[str, str]:
    """Return the environment of the floor or a peer, with the portal's database options."""
    options = SQLITE_OPTIONS if url.startswith("sqlite") else POSTGRESQL_OPTIONS
    settings = f"tools.bench.peers.{name}.settings" if name in PEERS else "tools.bench.floor.settings"
    return {
        "DATABASE_URL": url,
        "DATABASE_OPTIONS": json.dumps(options),
        "DJANGO_SETTINGS_MODULE": settings,
        "OUTBOX": f"{folder}/{name}",
    }


@contextmanager
def _databases(folder: str) -> Iterator[dict[str, str]]:
    with connected() as server:
        if server is None:
            print("No PostgreSQL answers: measured on SQLite, where the targets are not stated.")
            yield {name: f"sqlite:///{folder}/{name}.sqlite3" for name in NAMES}
            return
        made = {name: f"portal_bench_{os.getpid()}_{name}" for name in NAMES}
        for database in made.values():
            server.execute(f'CREATE DATABASE "{database}"')
        try:
            yield {name: _url_of(database) for name, database in made.items()}
        finally:
            for database in made.values():
                server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@contextmanager
def connected() -> Iterator[psycopg.Connection | None]:
    """Yield a connection to the server; None if no PostgreSQL answers."""
    server = None
    with suppress(psycopg.OperationalError):
        server = psycopg.connect(_url_of("postgres"), autocommit=True, connect_timeout=3)
    with server or nullcontext():
        yield server


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
