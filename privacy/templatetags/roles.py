"""Roles of staff in the reader's language."""

from django import template

from privacy.access.models import roles_in_words

register = template.Library()


@register.filter
def in_words(roles: str) -> str:
    """Return the stored names of roles, such as `Privacy officer, Auditor`, in the reader's language."""
    return roles_in_words(roles)
