"""Declares more than the packages do, for a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from privacy.notices.figures import WATCHED
from privacy.operations import collecting
from privacy.operations.watching import Severity


@contextmanager
def declare(*more: Any) -> Iterator[None]:
    """Let `declared` find these before what the packages declare, inside a `with`."""
    before = collecting.all_declarations
    try:
        with patch.object(collecting, "all_declarations", lambda: (*more, *before())):
            collecting.declared.cache_clear()
            yield
    finally:
        collecting.declared.cache_clear()


def message_alarms() -> Iterator[tuple[str, str]]:
    """Yield the urgent alarms of messages, each with its kind."""
    for watched in WATCHED:
        if watched.severity is Severity.URGENT:
            yield from watched.alarms()
