"""Brackets of the reader's language."""

from django import template
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def bracketed(text: object) -> str:
    """Return a text in brackets, to follow another one; empty for an empty text."""
    return "" if text in ("", None) else pgettext("in brackets, after another text", " (%(text)s)") % {"text": text}
