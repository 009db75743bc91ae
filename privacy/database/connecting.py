"""Connects once: a database that does not answer is not waited for again by each query of a long list."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError

# The shortest time that the driver takes for a connection.
CONNECT_SECONDS = 2
_failed: ContextVar[set[str] | None] = ContextVar("failed", default=None)


@contextmanager
def connects_once() -> Iterator[None]:
    """Wait at most `CONNECT_SECONDS` for each PostgreSQL database; after a failure, every query of it fails at once.

    Inside, such a query raises `OperationalError`, as it would after waiting. Connections that are open stay in use.
    """
    before = _failed.set(set())
    try:
        yield
    finally:
        _failed.reset(before)


@contextmanager
def connecting(alias: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parameters for a new connection; inside `connects_once`, raise `OperationalError` after a failure."""
    failed = _failed.get()
    if failed is None:
        yield dict(parameters)
        return
    if alias in failed:
        raise OperationalError(f"The database {alias} has just refused a connection.")
    failed.add(alias)
    yield {**parameters, "connect_timeout": CONNECT_SECONDS}
    failed.discard(alias)
