"""Data stores: everything that holds data of a person, and can stop using it and erase it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from privacy.inventory.declarations import Record
from privacy.inventory.queries import computed_once, declared_records
from privacy.inventory.retention_classes import RetentionClass
from privacy.operations.collecting import declared


class DataStore:
    """One place that holds data of persons, declared by its package. Each call can be repeated for a person."""

    name: ClassVar[str] = ""
    # The label of its data, for people.
    label: ClassVar[str | Promise] = ""
    # The class of its data; a legal hold on that class keeps it.
    retention: ClassVar[RetentionClass | None] = None

    def suspend(self, subjects: Collection[UUID]) -> None:
        """Stop using the data at once (clause 4.2 of the sample policy): end sessions, withdraw tokens, stop jobs."""

    def resume(self, subjects: Collection[UUID]) -> None:
        """Use the data again: the person undid the cancellation."""

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Erase the data of these persons; return how many items of each were erased."""
        return {}


class ModelDataStore(DataStore):
    """The rows of one declared model."""

    def __init__(self, model: type[models.Model], record: Record) -> None:
        self.model = model
        self.record = record
        self.name = model._meta.label_lower  # type: ignore[misc]
        self.label = model._meta.verbose_name_plural or self.name  # type: ignore[misc]
        self.retention = record.retention  # type: ignore[misc]

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Count the rows per person, and delete them by one statement, without loading a value."""
        rows = self.model._default_manager.filter(**{f"{self.record.subject}__pk__in": list(subjects)})
        counts = Counter(rows.values_list(self.record.subject, flat=True))
        if counts:
            rows._raw_delete(rows.db)  # type: ignore[attr-defined]
        return counts


def all_data_stores() -> list[DataStore]:
    """Return every data store, in an order in which erasing never breaks a foreign key.

    Declared stores come before the rows of models: sessions in a cache, files, another system.
    """
    return [*declared(DataStore), *_model_data_stores()]


@computed_once
def _model_data_stores() -> Sequence[ModelDataStore]:
    return tuple(ModelDataStore(model, record) for model, record in declared_records() if not record.keeps)
