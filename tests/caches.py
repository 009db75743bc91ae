"""The caches of a test: what counts tries and keeps used codes."""

from django.core.cache import caches


def empty_caches() -> None:
    """Forget what both caches hold: with Redis, used codes are in the table cache still."""
    for alias in caches:
        caches[alias].clear()
