"""How values are shown to people who read a copy: a country by its name, a purpose by its label."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext

from privacy.inventory.purposes import labels_of_purposes
from privacy.inventory.queries import field_labels
from privacy.inventory.retention_classes import in_a_row, labels_of
from privacy.jurisdictions.jurisdictions import UnknownJurisdiction, get_jurisdiction
from privacy.operations.collecting import declared


@dataclass(frozen=True)
class ValueLabel:
    """How values are shown, under the name that a `CopyValue` uses; an empty text shows nothing."""

    name: str
    label: Callable[[Any], str]


def has_value_label(name: str) -> bool:
    """Return whether a package declares how values of this name are shown."""
    return name in _labels()


def value_label(name: str, value: Any) -> str:
    """Return a value in the reader's words."""
    return _labels()[name](value)


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language; an unknown code is returned as it is."""
    try:
        return capfirst(str(get_language_info(code)["name_translated"]))
    except KeyError:
        return code


def _jurisdiction_name(code: str) -> str:
    try:
        return str(get_jurisdiction(code).name)
    except UnknownJurisdiction:
        return code


@lru_cache(maxsize=1)
def _labels() -> dict[str, Callable[[Any], str]]:
    return _COMMON | {each.name: each.label for each in declared(ValueLabel)}


_COMMON: dict[str, Callable[[Any], str]] = {
    "purposes": lambda keys: in_a_row(labels_of_purposes(keys)),
    "classes": lambda keys: capfirst(labels_of(keys)),
    "fields": field_labels,
    "field": lambda key: field_labels([key]),
    "language": language_name,
    "jurisdiction": _jurisdiction_name,
    # Texts of the project, translated when they are shown.
    "our_words": gettext,
    "if_true": lambda value: gettext("Yes") if value else "",
    "if_false": lambda value: "" if value else gettext("No"),
}
