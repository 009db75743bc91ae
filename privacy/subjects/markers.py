"""Markers on views, which middleware of higher rooms reads."""

from collections.abc import Callable, Collection
from typing import Any

View = Callable[..., Any]

# Bytes of a request: a form with long texts, or the largest JSON that an app sends.
LARGEST_BODY = 262_144
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


def takes_bodies_up_to(size: int) -> Callable[[View], View]:
    """Mark a view whose requests may have larger bodies than others, in bytes; `portal.body_limits` enforces it."""

    def mark(view: View) -> View:
        view.largest_body = size  # type: ignore[attr-defined]
        return view

    return mark


def largest_body(view: View) -> int:
    """Return how many bytes a request to a view may have."""
    return int(getattr(view, "largest_body", LARGEST_BODY))
