"""Restriction (GDPR art. 18, PIPL art. 44): the person's data is only stored from now on."""

from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.services import restrict_processing
from privacy.rights.choices import ItemState, PortalAnswer
from privacy.rights.models.requests import RequestItem
from privacy.rights.states.moving import Decision


def restrict(item: RequestItem) -> tuple[str, Decision]:
    """Restrict the processing of the person's data, and note the restriction."""
    subject = item.request.subject
    assert subject is not None  # noqa: S101 - for the type checker: without an account there is nothing to restrict
    restriction = restrict_processing(subject=subject, why=ProcessingRestriction.Why.REQUEST)
    return ItemState.DONE, Decision(carried_out_by=restriction.pk, answer=PortalAnswer.RESTRICTED)
