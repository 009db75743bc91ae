"""Markers on views, which middleware of higher rooms reads."""

from collections.abc import Callable, Collection
from typing import Any

View = Callable[..., Any]


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def fresh_sign_in_required(view: View, methods: Collection[str] = METHODS) -> View:
    """Mark a view that is shown only shortly after the person proved who they are; `accounts.sign_in` enforces it."""
    view.fresh_sign_in_for = methods  # type: ignore[attr-defined]
    return view


def needs_fresh_sign_in(view: View, method: str) -> bool:
    """Whether a view is marked so for this method."""
    return method in getattr(view, "fresh_sign_in_for", ())


def open_with_first_password(view: View) -> View:
    """Mark a view that stays open until a first password is changed; `accounts.sign_in` reads it."""
    view.open_with_first_password = True  # type: ignore[attr-defined]
    return view


def is_open_with_first_password(view: View) -> bool:
    """Whether a view is marked so."""
    return bool(getattr(view, "open_with_first_password", False))


def open_at_the_gate(view: View) -> View:
    """Mark a view that stays open while a person has yet to answer a material change; `privacy.consent` reads it."""
    view.open_at_the_gate = True  # type: ignore[attr-defined]
    return view
