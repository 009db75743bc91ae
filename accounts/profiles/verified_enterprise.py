"""The mark of a verified enterprise, and whether an enterprise has it."""

from django.utils.translation import gettext_lazy as _

from accounts.profiles.declarations import BUSINESS_ADDRESS, BUSINESS_PERIOD_END, BUSINESS_PERIOD_START, ENTERPRISE
from accounts.profiles.models import Profile
from privacy.inventory.declarations import Kind
from privacy.inventory.offered_services import Service, is_met

VERIFIED_ENTERPRISE = Service(
    "verified_enterprise",
    _("Verified enterprise mark"),
    _("A mark that shows that we compared your enterprise with its business licence. It lasts as long as the licence."),
    needs=(BUSINESS_ADDRESS.key, BUSINESS_PERIOD_START.key, BUSINESS_PERIOD_END.key),
    kinds=ENTERPRISE,
    verified=True,
    licence=True,
)


def mark_of(profile: Profile) -> dict[str, bool]:
    """Return the member of `me` that says whether an enterprise has the mark now; empty for an individual."""
    if profile.kind != Kind.ENTERPRISE:
        return {}
    return {"is_verified_enterprise": is_met(profile.subject_id, VERIFIED_ENTERPRISE)}
