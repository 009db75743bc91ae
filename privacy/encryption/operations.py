"""Operations of encryption: none."""

from typing import Any

OPERATIONS: list[Any] = []
