"""The data inventory: every personal field and every record of a person, computed from the declarations."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from graphlib import TopologicalSorter
from typing import TypeVar

from django.apps import apps
from django.db import models

from privacy.inventory.declarations import Kind, PersonalField, Record, declarations_of, record_of
from privacy.inventory.retention_classes import in_a_row
from privacy.subjects.models import DataSubject

Answer = TypeVar("Answer")


class UndeclaredField(LookupError):
    """No record declares a personal field with this key."""


def computed_once(compute: Callable[[], Answer]) -> Callable[[], Answer]:
    """Cache the result of a function that reads declarations: they never change once every app is loaded."""
    remembered: list[Answer] = []

    @wraps(compute)
    def answer() -> Answer:
        if not apps.ready:
            return compute()
        if not remembered:
            remembered.append(compute())
        return remembered[0]

    return answer


@computed_once
def personal_fields() -> Sequence[PersonalField]:
    """Return every declared personal field once, in the order in which the policy names them."""
    found = {
        declared.key: declared
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        for declared in declarations_of(column)
    }
    return tuple(sorted(found.values(), key=lambda declared: declared.position))


def personal_field(key: str) -> PersonalField:
    """Return the declaration of one field, or raise `UndeclaredField`."""
    for declared in personal_fields():
        if declared.key == key:
            return declared
    raise UndeclaredField(f"No record declares a personal field {key!r}.")


def field_labels(keys: Iterable[str]) -> str:
    """Return the labels of fields; one that is not declared any more keeps its key."""
    labels = {declared.key: str(declared.label) for declared in personal_fields()}
    return in_a_row(labels.get(key, key) for key in keys)


def fields_for(kind: Kind | str) -> Sequence[PersonalField]:
    """Return the fields that a registration of this kind shows."""
    return _fields_by_kind()[Kind(kind)]


@computed_once
def person_models() -> Sequence[type[models.Model]]:
    """Return every model whose rows lead to a `DataSubject`, rows that point at others first.

    Erasing in this order never breaks a foreign key.
    """
    reaching = _models_reaching_subject()
    graph: dict[type[models.Model], set[type[models.Model]]] = {model: set() for model in reaching}
    for model in reaching:
        for target in targets_of(model):
            if target in graph and target is not model:
                graph[target].add(model)
    return tuple(TopologicalSorter(graph).static_order())


@computed_once
def declared_records() -> Sequence[tuple[type[models.Model], Record]]:
    """Return each person's model with what it declares, in the order of erasure."""
    return tuple((model, record) for model in person_models() if (record := record_of(model)))


def targets_of(model: type[models.Model]) -> set[type[models.Model]]:
    """Return the models that a model's foreign keys point at."""
    relations = (column for column in model._meta.concrete_fields if isinstance(column, models.ForeignKey))
    return {column.related_model for column in relations if isinstance(column.related_model, type)}


@computed_once
def _fields_by_kind() -> dict[Kind, tuple[PersonalField, ...]]:
    return {kind: tuple(field for field in personal_fields() if field.is_offered_to(kind)) for kind in Kind}


def _models_reaching_subject() -> set[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    reaching: set[type[models.Model]] = {DataSubject}
    grown = True
    while grown:
        more = {model for model in every if model not in reaching and targets_of(model) & reaching}
        reaching |= more
        grown = bool(more)
    return reaching - {DataSubject}
