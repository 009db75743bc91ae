"""The error of a required field that was left empty: it names the field."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext


def enter(label: Any) -> dict[str, Any]:
    """Return the error messages of a field that a person fills in, such as "Enter your name."."""
    return {"required": lazy(lambda: gettext("Enter your %(field)s.") % {"field": _inside(str(label))}, str)()}


def choose(label: Any) -> dict[str, Any]:
    """Return the error messages of a field that is chosen from a list."""
    return {"required": lazy(lambda: gettext("Choose your %(field)s.") % {"field": _inside(str(label))}, str)()}


def _inside(label: str) -> str:
    """A label inside a sentence; a proper name, such as Unified Social Credit Code, keeps its capitals."""
    return label[:1].lower() + label[1:] if label[1:].islower() else label
