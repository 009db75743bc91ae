"""Markers on views, which middleware of higher rooms reads."""

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def fresh_sign_in_required(view: View) -> View:
    """Mark a view that is shown only shortly after the person proved who they are; `accounts.sign_in` enforces it."""
    view.fresh_sign_in_required = True  # type: ignore[attr-defined]
    return view


def open_at_the_gate(view: View) -> View:
    """Mark a view that stays open while a person has yet to answer a material change; `privacy.consent` reads it."""
    view.open_at_the_gate = True  # type: ignore[attr-defined]
    return view
