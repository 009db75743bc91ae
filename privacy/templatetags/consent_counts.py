"""How many people agreed to each version, for the page of a version."""

from django import template

from privacy.consent.tallies import people_by_version
from privacy.policies.models import PolicyVersion

register = template.Library()
register.simple_tag(people_by_version)


@register.filter
def of_version(people: dict[str, int], version: PolicyVersion) -> int:
    """Return how many people's latest consent names a version."""
    return people.get(str(version.pk), 0)
