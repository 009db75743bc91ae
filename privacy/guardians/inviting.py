"""A guardian asks a second one for the same child."""

from django.utils.translation import gettext as _

from privacy.guardians.ages import Age
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import ProofRefused, is_of_guardian
from privacy.guardians.services import GuardianAddress, ask_guardian


def invite_guardian(*, guardianship: Guardianship, address: str) -> PendingChild:
    """Write to a second guardian at an address in its stored form. Raises `ProofRefused` for that of a guardian."""
    if is_of_guardian(subject_id=guardianship.subject_id, address=address):
        raise ProofRefused(_("This is the address of a guardian already, or an alias of it."))
    country = GuardianRecord.objects.filter(child=guardianship.child).order_by("position")[0].country
    return ask_guardian(
        age=Age(country, guardianship.reached_on),
        guardian=GuardianAddress("sms" if address.startswith("+") else "email", address, guardianship.language),
        joins=guardianship.pk,
    )
