"""What chains of evidence bring: nothing that runs by itself, waits for staff or is a route."""

from typing import Any

OPERATIONS: list[Any] = []
