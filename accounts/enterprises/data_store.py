"""What an erasure removes beside a person's own rows: the members of an enterprise, and invitations to an address."""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.contact_points.services import verified_indexes
from accounts.enterprises.models import Invitation, Membership
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass


class EnterprisesStore(DataStore):
    """The memberships of an enterprise, whose members keep their accounts; invitations that a person was sent.

    A member's own membership and an enterprise's own invitations are erased as their rows.
    """

    name = "accounts.enterprises"
    label = _("members of your enterprise and invitations to it")
    retention = RetentionClass.ACCOUNT

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Delete the rows; return how many there were for each enterprise and invited person."""
        counts = Counter(
            Membership.objects.filter(enterprise_id__in=list(subjects)).values_list("enterprise_id", flat=True)
        )
        if counts:
            Membership.objects.filter(enterprise_id__in=list(counts)).delete()
        invited = {index: subject for subject, index in verified_indexes(subjects)}
        sent = Invitation.objects.filter(address_index__in=list(invited)) if invited else Invitation.objects.none()
        found = [invited[bytes(index or b"")] for index in sent.values_list("address_index", flat=True)]
        if found:
            sent.delete()
        return counts + Counter(found)
