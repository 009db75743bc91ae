"""Functions that a package connects to signals: of Django, of a library, of a lower package."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class Receives:
    """A function that is called at a signal; `sender` narrows it to one model."""

    signal: Signal
    function: Callable[..., Any]
    sender: Any = None


def connect_receivers() -> None:
    """Connect every declared function; called once, when all apps are loaded."""
    for each in declared(Receives):
        each.signal.connect(each.function, sender=each.sender, weak=False, dispatch_uid=(id(each.function), id(each)))
