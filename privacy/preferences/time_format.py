"""12 or 24 hours: the choice of the present reader, and formats of Django that follow it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeFormat(models.TextChoices):
    """How a person reads times."""

    TWELVE = "12", _("12 hours")
    TWENTY_FOUR = "24", _("24 hours")


_present: ContextVar[str | None] = ContextVar("time_format", default=None)


class ReadersFormat(str):
    """A format of a language that follows the present reader's choice; without one it is `usual`.

    Django reads the formats of a language once and keeps them. Each time it writes a date, it asks the kept format
    for its text (`django.utils.dateformat`), as it does for lazy texts.
    """

    __slots__ = ("texts",)

    texts: dict[str, str]

    def __new__(cls, usual: str, *, twelve: str, twenty_four: str) -> "ReadersFormat":
        made = super().__new__(cls, usual)
        made.texts = {TimeFormat.TWELVE: twelve, TimeFormat.TWENTY_FOUR: twenty_four}
        return made

    def __str__(self) -> str:
        return self.texts.get(_present.get() or "", str.__str__(self))


@contextmanager
def time_format_of_reader(chosen: str | None) -> Iterator[None]:
    """Write times inside a `with` in a reader's time format; with None, as usual in the language of the text."""
    token = _present.set(chosen)
    try:
        yield
    finally:
        _present.reset(token)
