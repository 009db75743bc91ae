"""A copy as a page to read: records under their names, values under their labels."""

import json
from dataclasses import dataclass
from typing import Any

from privacy.export.copies import copy_schema
from privacy.export.models import DataCopy


@dataclass(frozen=True)
class ReadableRecords:
    """All records of one kind: a title, and each record as pairs of label and value."""

    title: str
    records: list[list[tuple[str, Any]]]


def readable(copy: DataCopy) -> list[ReadableRecords]:
    """Return what a ready copy holds, kind by kind, without the empty ones; what the person told us comes first."""
    document = json.loads(str(copy.document))
    held = sorted(
        document["held"].items(), key=lambda kind: not any(document["fields"].keys() & row for row in kind[1])
    )
    shapes = copy_schema()["properties"]["held"]["properties"]
    return [
        ReadableRecords(shapes[kind]["title"], [_pairs(record, shapes[kind]["items"]["properties"]) for record in rows])
        for kind, rows in held
        if rows and kind in shapes
    ]


def _pairs(record: dict[str, Any], shape: dict[str, Any]) -> list[tuple[str, Any]]:
    given = {name: value for name, value in record.items() if value not in (None, "", [], {})}
    return [(shape.get(name, {}).get("title", name), value) for name, value in given.items()]
