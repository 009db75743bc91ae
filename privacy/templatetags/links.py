"""Links in texts: Django's `urlize`, also where a full-width sign of a Chinese text stands beside an address."""

import re

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeData, SafeString, mark_safe

register = template.Library()
_FULL_WIDTH = re.compile("([：，。；！？、（）《》“”「」『』【】])")


@register.filter(is_safe=True, needs_autoescape=True)
def linked(text: object, autoescape: bool = True) -> SafeString:
    """Return a text with its addresses as links; no full-width sign is a part of one."""
    is_escaped = not autoescape or isinstance(text, SafeData)
    pieces = (urlize(piece, nofollow=True, autoescape=not is_escaped) for piece in _FULL_WIDTH.split(str(text)))
    return mark_safe("".join(pieces))  # noqa: S308 - `urlize` escapes each piece
