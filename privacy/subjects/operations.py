"""Operations of data subjects: none."""

from typing import Any

OPERATIONS: list[Any] = []
