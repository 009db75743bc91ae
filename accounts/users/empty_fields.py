"""The errors of required fields that are left empty; they name the field."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext


def text_errors(label: Any) -> dict[str, Any]:
    """Return the error messages of a field that a person fills in, such as "Enter your name."."""
    return {"required": _enter(label)}


def choice_errors(label: Any) -> dict[str, Any]:
    """Return the error messages of a field that is chosen from a list."""
    return {"required": _choose(label)}


def _enter_now(label: Any) -> str:
    return gettext("Enter your %(field)s.") % {"field": _inside(str(label))}


def _choose_now(label: Any) -> str:
    return gettext("Choose your %(field)s.") % {"field": _inside(str(label))}


def _inside(label: str) -> str:
    """Return a label for use inside a sentence; a proper name (Unified Social Credit Code) keeps its capitals."""
    return label[:1].lower() + label[1:] if label[1:].islower() else label


# `lazy` makes a class: once, not for each field of each form.
_enter, _choose = lazy(_enter_now, str), lazy(_choose_now, str)
