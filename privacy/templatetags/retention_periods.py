"""How long a retention class is kept, for a page."""

from django import template

from privacy.register.retention_classes import RetentionClass, words_of

register = template.Library()


@register.simple_tag
def kept_for(retention_class: str) -> str:
    """Return how long rows of a class are kept in this deployment, in the reader's words."""
    return words_of(RetentionClass(retention_class))
