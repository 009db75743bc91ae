"""Reads what packages declare: a figure or a part that cannot be read stops no other, and is logged without a value."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from privacy.operations.watching import Figure, Watched

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class InvalidFigure(Exception):
    """A figure is no number, or its numbers have no texts as the values of a label."""


@dataclass(frozen=True)
class Unread:
    """What could not be read; `error` is the class of the error, never its words, which may quote a row."""

    error: str


def read_or_log(name: str, read: Callable[[], Result]) -> Result | Unread:
    """Return what `read` returns; where it raises, log it under this name, and return `Unread`."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - whatever it is must not stop the others
        # Without a trace: an error of the database may quote a row.
        logger.error("%s cannot be read (%s).", name, type(error).__name__)  # noqa: TRY400
        return Unread(type(error).__name__)


def read_figure(watched: Watched) -> Figure:
    """Return a figure as a number, or as numbers by the value of its label.

    Raises `InvalidFigure` if it is neither, and whatever the figure raises.
    """
    value = watched.value()
    if not isinstance(value, Mapping):
        return _number(value)
    if not watched.by or not all(isinstance(each, str) for each in value):
        raise InvalidFigure
    return {each: _number(number) for each, number in value.items()}


def _number(value: object) -> float:
    # A rule never fires for NaN.
    if not isinstance(value, int | float | Decimal) or math.isnan(value):
        raise InvalidFigure
    return int(value) if isinstance(value, int) else float(value)
