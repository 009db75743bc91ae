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


def open_at_the_gate(view: View) -> View:
    """Mark a view that stays open while a person has yet to answer a material change; `privacy.consent` reads it."""
    view.open_at_the_gate = True  # type: ignore[attr-defined]
    return view


def limited_as(action: str, *methods: str) -> Callable[[View], View]:
    """Mark a view that may be asked only as often as the limits of an action allow; `accounts.sign_in` counts."""

    def mark(view: View) -> View:
        view.limited_as = dict.fromkeys(methods or METHODS, action)  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(view: View, method: str) -> str:
    """Return the action as which a request to a view counts, or empty text."""
    return str(getattr(view, "limited_as", {}).get(method, ""))
