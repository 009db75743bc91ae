"""The register: every personal field and every record of a person, computed from the declarations."""

from collections.abc import Iterator
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import models

from privacy.register.declarations import Kind, PersonalField, Record, declarations_of, record_of
from privacy.subjects.models import DataSubject


class UndeclaredField(LookupError):
    """No record declares a personal field of this key."""


def personal_fields() -> list[PersonalField]:
    """Return every declared personal field once, in the order in which the policy names them."""
    found = {
        declared.key: declared
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        for declared in declarations_of(column)
    }
    return sorted(found.values(), key=lambda declared: declared.position)


def personal_field(key: str) -> PersonalField:
    """Return the declaration of one field, or raise `UndeclaredField`."""
    for declared in personal_fields():
        if declared.key == key:
            return declared
    raise UndeclaredField(f"No record declares a personal field {key!r}.")


def fields_for(kind: Kind | str) -> list[PersonalField]:
    """Return the fields that a registration of this kind shows."""
    return [declared for declared in personal_fields() if declared.is_offered_to(kind)]


def person_models() -> list[type[models.Model]]:
    """Return every model whose rows lead to a `DataSubject`, rows that point at others first.

    Erasing in this order never breaks a foreign key.
    """
    reaching = _models_reaching_subject()
    graph: dict[type[models.Model], set[type[models.Model]]] = {model: set() for model in reaching}
    for model in reaching:
        for target in _targets(model):
            if target in graph and target is not model:
                graph[target].add(model)
    return list(TopologicalSorter(graph).static_order())


def declared_records() -> Iterator[tuple[type[models.Model], Record]]:
    """Yield each person's model with what it declares of itself, in the order of erasure."""
    for model in person_models():
        record = record_of(model)
        if record:
            yield model, record


def _models_reaching_subject() -> set[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    reaching: set[type[models.Model]] = {DataSubject}
    grown = True
    while grown:
        more = {model for model in every if model not in reaching and _targets(model) & reaching}
        reaching |= more
        grown = bool(more)
    return reaching - {DataSubject}


def _targets(model: type[models.Model]) -> set[type[models.Model]]:
    relations = (column for column in model._meta.concrete_fields if isinstance(column, models.ForeignKey))
    return {column.related_model for column in relations if isinstance(column.related_model, type)}
