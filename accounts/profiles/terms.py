"""The end of a business period: a date or `NO_FIXED_TERM`."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import SealedDateField

# The value in forms, REST and copies.
NO_FIXED_TERM = "no_fixed_term"
# The sealed value, as registers write it. The previous release reads a date.
LAST_DAY = dt.date.max
# RFC 3339, 5.6, as browsers send it: 03/04/2025 is ambiguous.
FULL_DATE = "%Y-%m-%d"
Term = dt.date | str


class SealedTermField(SealedDateField):
    """A date or `NO_FIXED_TERM`, sealed as ISO 8601 text."""

    copy_shape: ClassVar = {
        "anyOf": [{"const": NO_FIXED_TERM, "title": "No fixed term"}, {"type": ["string", "null"], "format": "date"}]
    }

    def to_text(self, value: Term) -> str:
        """Return the date in ISO 8601."""
        return super().to_text(LAST_DAY if isinstance(value, str) else value)

    def to_value(self, text: str) -> Term:  # type: ignore[override]  # a date, or that there is none
        """Return the date, or `NO_FIXED_TERM`."""
        return as_term(super().to_value(text))


class TermInput(forms.DateInput):
    """A date, and a box of the same name for `NO_FIXED_TERM`."""

    template_name = "forms/term.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tick the box, or fill in the date."""
        has_none = value == NO_FIXED_TERM
        context = super().get_context(name, None if has_none else value, attrs)
        return context | {"no_fixed_term": NO_FIXED_TERM, "has_none": has_none}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the given answer, or both where a date and the box contradict each other."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return " ".join(dict.fromkeys(filter(None, given))) or None


class TermField(forms.DateField):
    choices = ((NO_FIXED_TERM, _("No fixed term")),)

    def __init__(self, **options: Any) -> None:
        widget = TermInput(attrs={"type": "date"}, format=FULL_DATE)
        super().__init__(input_formats=[FULL_DATE], widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        """Return the date, `NO_FIXED_TERM` or None."""
        said = str(value or "").split()
        if NO_FIXED_TERM in said and len(said) > 1:
            raise ValidationError(_("Enter a date or choose “No fixed term”, not both."), "contradiction")
        return NO_FIXED_TERM if said == [NO_FIXED_TERM] else as_term(super().to_python(value))


def as_term(day: Any) -> Any:
    """Return a date; the last possible date is returned as `NO_FIXED_TERM`."""
    return NO_FIXED_TERM if day == LAST_DAY else day


def term_in_words(value: Any) -> str:
    """Return the end of a period as text in the reader's language; empty where it is not known."""
    if not value:
        return ""
    if value == NO_FIXED_TERM:
        return gettext("No fixed term")
    return date_format(dt.date.fromisoformat(value) if isinstance(value, str) else value, "DATE_FORMAT")
