"""The errors by which this package refuses; each message says what to do, in the reader's language."""

from typing import Any

from django.utils.translation import gettext


class PolicyRefused(Exception):
    """A document cannot be imported, or a version not be published, in this way.

    `message` is an English text of the catalogue with placeholders such as `%(label)s`, which `values` fill. It is
    translated when it is read, not when it is raised: the process that reads documents has no settings and no
    catalogue.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message, values)
        self.message, self.values = message, values

    def __str__(self) -> str:
        said = gettext(self.message)
        return said % self.values if self.values else said


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogue and return it, as Django's function does, without reading settings."""
    return message
