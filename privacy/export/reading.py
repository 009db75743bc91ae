"""A copy as a document for people: sections with headings, newest first, times in their time zone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from privacy.encryption.fields import SealedDateField
from privacy.export.copies import FORMAT, column_of, copied_records
from privacy.export.processing import processing_in_words
from privacy.export.schema import schema_title
from privacy.inventory.copy_parts import CopyPart, CopySection, CopyValue
from privacy.inventory.queries import field_labels
from privacy.inventory.retention_classes import in_a_row, labels_of
from privacy.inventory.value_labels import value_label

CopyDocument = Mapping[str, Any]
# This many columns, most of them dates, fit on a printed page.
WIDEST_TABLE = 5


class FormerFormat(Exception):
    """The copy was made by a release that used other names: it can be downloaded, not shown."""


@dataclass(frozen=True)
class ShownValue:
    """One value: its label, its words, and the exact time if it is a time."""

    label: str
    text: str
    exact: str = ""


@dataclass(frozen=True)
class ReadablePart:
    """The records of one kind, each with a value for each of the `labels`; a table only if all columns fit."""

    title: str
    source: str
    labels: list[str]
    rows: list[list[ShownValue]]
    is_list: bool

    @property
    def is_table(self) -> bool:
        """Whether each record is a row of a table; otherwise each is a list of its own."""
        return self.is_list and len(self.labels) <= WIDEST_TABLE


@dataclass(frozen=True)
class ReadableSection:
    """One heading with its contents."""

    name: str
    title: str
    parts: list[ReadablePart]


@dataclass(frozen=True)
class ReadableCopy:
    """The whole document; `empty` are the headings without data, `processing` says how data is used."""

    made_at: dt.datetime | None
    sections: list[ReadableSection]
    empty: str
    processing: dict[str, Any]


def readable(document: CopyDocument) -> ReadableCopy:
    """Return a copy in the reader's language and time zone. Raises `FormerFormat`."""
    if document.get("format") != FORMAT:
        raise FormerFormat
    sections = [ReadableSection(section.value, str(section.label), []) for section in CopySection]
    by_name = {section.name: section for section in sections}
    for model, _record, part in copied_records():
        rows = document["records"].get(part.name)
        if rows and part.for_people:
            by_name[part.section].parts.append(_part(model, part, rows))
    # The section of staff is not listed as empty: most people are not staff.
    missing = [section.title for section in sections if not section.parts and section.name != CopySection.STAFF]
    return ReadableCopy(
        parse_datetime(document["made_at"]),
        [section for section in sections if section.parts],
        in_a_row(missing),
        _processing(document),
    )


def _part(model: type[models.Model], part: CopyPart, rows: Iterable[CopyDocument]) -> ReadablePart:
    shown = [(value, schema_title(model, value), column_of(model, value)) for value in part.values if value.for_people]
    values = [
        [_shown_value(value, label, column, row.get(value.name)) for value, label, column in shown] for row in rows
    ]
    used = [place for place in range(len(shown)) if any(row[place].text for row in values)]
    return ReadablePart(
        str(part.title),
        str(part.source.label),
        [shown[place][1] for place in used],
        [[row[place] for place in used] for row in values],
        is_list=bool(part.newest) or len(values) > 1,
    )


def _shown_value(value: CopyValue, label: str, column: models.Field | None, content: Any) -> ShownValue:
    if content in (None, "", [], {}):
        return ShownValue(label, "")
    if value.words:
        return ShownValue(label, value_label(value.words, content))
    if column is not None and column.choices:
        return ShownValue(label, str(dict(column.flatchoices).get(content, content)))
    if isinstance(content, bool):
        return ShownValue(label, gettext("Yes") if content else gettext("No"))
    if value.is_time or isinstance(column, models.DateField | SealedDateField):
        return _time(label, str(content))
    return ShownValue(label, in_a_row(map(str, content)) if isinstance(content, list) else str(content))


def _time(label: str, content: str) -> ShownValue:
    # A day first: Python reads one as a time without a zone, too.
    if day := parse_date(content):
        return ShownValue(label, date_format(day, "DATE_FORMAT"), content)
    if moment := parse_datetime(content):
        return ShownValue(label, date_format(localtime(moment), "DATETIME_FORMAT"), content)
    return ShownValue(label, content)


def _processing(document: CopyDocument) -> dict[str, Any]:
    facts = processing_in_words(document["processing"], document["jurisdiction"])
    purposes = [{**row, "field_labels": field_labels(row["fields"])} for row in facts["purposes"]]
    recipients = [{**row, "holds": labels_of(row["data"])} for row in facts["recipients"]]
    country = value_label("country", facts["stored_in"])
    return {**facts, "purposes": purposes, "recipients": recipients, "stored_in": country}
