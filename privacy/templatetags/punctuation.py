"""Brackets as the reader's language has them."""

from django import template
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def bracketed(text: object) -> str:
    """Return a text in brackets, to stand after another; nothing for none."""
    return "" if text in ("", None) else pgettext("in brackets, after another text", " (%(text)s)") % {"text": text}
