"""How values are said to people where a copy is read: a country by its name, a purpose by its label."""

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext

from privacy.inventory.purposes import labels_of_purposes
from privacy.inventory.queries import field_labels
from privacy.inventory.retention_classes import in_a_row, labels_of
from privacy.jurisdictions.jurisdictions import UnknownJurisdiction, get_jurisdiction

InWords = Callable[[Any], str]


def register_value_label(name: str, words: InWords) -> None:
    """Add a way to say values, under the name by which a `CopyValue` asks for it; an empty text shows nothing."""
    _words[name] = words


def has_value_label(name: str) -> bool:
    """Whether somebody registered a way of this name."""
    return name in _words


def say(name: str, value: Any) -> str:
    """Return a value in the reader's words."""
    return _words[name](value)


def language_name(code: str) -> str:
    """Return the name of a language in the reader's; a code that nobody knows stays."""
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:
        return code


def _jurisdiction_name(code: str) -> str:
    try:
        return str(get_jurisdiction(code).name)
    except UnknownJurisdiction:
        return code


_words: dict[str, InWords] = {
    "purposes": lambda keys: in_a_row(labels_of_purposes(keys)),
    "classes": lambda keys: capfirst(labels_of(keys)),
    "fields": field_labels,
    "field": lambda key: field_labels([key]),
    "language": language_name,
    "jurisdiction": _jurisdiction_name,
    # Words of our own, translated wherever they are shown.
    "our_words": gettext,
    "if_true": lambda value: gettext("Yes") if value else "",
    "if_false": lambda value: "" if value else gettext("No"),
}
