"""What a copy holds of records that are sealed whole: only what their owner may see of each, never a secret."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from privacy.register.declarations import Text

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Extract:
    """One kind of record: its key in the copy, a title, what each value is called, and the rows of a person."""

    key: str
    title: Text
    columns: Mapping[str, Text]
    rows: Callable[[UUID], Iterable[Row]]


_extracts: list[Extract] = []


def register_extract(extract: Extract) -> Extract:
    """Add a kind of record that tells itself what a copy may hold of it."""
    _extracts.append(extract)
    return extract


def all_extracts() -> list[Extract]:
    """Return every kind of record that was added."""
    return list(_extracts)
