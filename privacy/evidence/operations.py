"""Operations of evidence: none."""

from typing import Any

OPERATIONS: list[Any] = []
