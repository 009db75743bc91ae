"""Markers on views, which middleware of higher packages reads."""

from collections.abc import Callable, Collection
from typing import Any

View = Callable[..., Any]

# Bytes of a request: a form with long texts, or the largest JSON that an app sends.
LARGEST_BODY = 262_144
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD")


def fresh_sign_in_required(view: View, except_for: Collection[str] = ()) -> View:
    """Mark a view that is open only shortly after the person proved their identity; `accounts.sign_in` enforces it.

    It applies to every method, known or not, except those in `except_for`.
    """
    view.open_without_fresh_sign_in = frozenset(except_for)  # type: ignore[attr-defined]
    return view


def needs_fresh_sign_in(view: View, method: str) -> bool:
    """Whether a view needs a fresh sign-in for this method; HEAD counts as GET."""
    open_for = getattr(view, "open_without_fresh_sign_in", None)
    return open_for is not None and ("GET" if method == "HEAD" else method) not in open_for


def asks_for_password(view: View) -> View:
    """Mark a view that asks for the password itself: only people with a second factor need a fresh sign-in for it."""
    view.asks_for_password = True  # type: ignore[attr-defined]
    return view


def is_asking_for_password(view: View) -> bool:
    return getattr(view, "asks_for_password", False)


def open_with_temporary_password(view: View) -> View:
    """Mark a view that stays open until a temporary password is changed; `accounts.sign_in` reads it."""
    view.open_with_temporary_password = True  # type: ignore[attr-defined]
    return view


def is_open_with_temporary_password(view: View) -> bool:
    return bool(getattr(view, "open_with_temporary_password", False))


def open_at_the_gate(view: View) -> View:
    """Mark a view that stays open while a person has yet to answer a material change; `privacy.consent` reads it."""
    view.methods_at_the_gate = METHODS  # type: ignore[attr-defined]
    return view


def readable_at_the_gate(view: View) -> View:
    """Mark a view that may be read, but not used to change data, while a material change waits for an answer."""
    view.methods_at_the_gate = SAFE  # type: ignore[attr-defined]
    return view


def is_open_at_the_gate(view: View, method: str) -> bool:
    """Whether a view answers a method at the gate; one that is not in `METHODS`, such as OPTIONS, counts as GET."""
    return (method if method in METHODS else "GET") in getattr(view, "methods_at_the_gate", ())


def takes_bodies_up_to(size: int) -> Callable[[View], View]:
    """Mark a view whose requests may have larger bodies than others, in bytes; `portal.web.body_limits` enforces it."""

    def mark(view: View) -> View:
        view.largest_body = size  # type: ignore[attr-defined]
        return view

    return mark


def largest_body(view: View) -> int:
    """Return how many bytes a request to a view may have."""
    return int(getattr(view, "largest_body", LARGEST_BODY))


def limited_as(action: str, *methods: str) -> Callable[[View], View]:
    """Mark a view whose requests the limits of an action restrict; `accounts.sign_in` counts them.

    Without `methods`, every request counts: a page that ignores the method answers each as GET.
    """

    def mark(view: View) -> View:
        view.limited_as = dict.fromkeys(methods or METHODS, action)  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(view: View, method: str) -> str:
    """Return the action as which a request to a view counts, or an empty text.

    A method that is not in `METHODS`, such as OPTIONS, counts as GET, since pages answer it as GET.
    """
    return str(getattr(view, "limited_as", {}).get(method if method in METHODS else "GET", ""))
