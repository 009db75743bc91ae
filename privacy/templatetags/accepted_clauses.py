"""The clauses of the policy version that a person accepted."""

from django import template

from privacy.consent.queries import clauses_accepted
from privacy.holds.models import LegalHold
from privacy.policies.topics import retention_topic

register = template.Library()


@register.filter
def clause_of_hold(hold: LegalHold) -> str:
    """Return the clause that states a hold's ground in the version that the person accepted; empty for none."""
    return clauses_accepted(hold.subject_id).get(retention_topic(hold.exception), "")
