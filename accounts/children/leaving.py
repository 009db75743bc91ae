"""A guardian with an account of their own here: their copy says so, and with their erasure their rights end.

Nothing of an erased person stays, so no one can be reached for the child by it; without another guardian the
child's account ends, too. The page that cancels an account says so before.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.services import verified_indexes
from privacy.erasure.services import cancel_at_once
from privacy.guardians.acting import end_guardianship, guardians_of
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.guardians.same_address import mark_of_account
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.policies.grounds import DeletionGround
from privacy.subjects.models import DataSubject

ROLES = {"child": _("the child"), "guardian": _("the parent or guardian")}


class GuardiansStore(DataStore):
    """What is stored of a person as the guardian of others, in the rows of the children."""

    name = "accounts.children"
    label = _("what is stored of you as a guardian")
    retention = RetentionClass.ACCOUNT

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """End the guardianships of these persons over others, and the accounts of children without another guardian.

        They are found by keyed hashes alone: after a restore, the keys of the erased are gone already.
        """
        accounts = {mark_of_account(subject): subject for subject in subjects}
        addresses = {index: subject for subject, index in verified_indexes(subjects)}
        found = Guardianship.objects.filter(Q(account_mark__in=accounts) | Q(address_index__in=addresses))
        living = found.filter(ended_at__isnull=True, subject__erased_at__isnull=True)
        ended: Counter[UUID] = Counter()
        for one in living.exclude(subject_id__in=subjects):
            by_account = accounts.get(bytes(one.account_mark or b""))
            ended[by_account or addresses[bytes(one.address_index or b"")]] += _leave(one)
        return ended


def guardianships_in_copy(subject_id: UUID) -> Iterator[Mapping[str, Any] | Guardianship]:
    """Yield the rows of a copy: a person's own guardians, and the children for whom they act, without their data."""
    yield from Guardianship.objects.filter(subject_id=subject_id)
    for one in guardianships_of_guardian(DataSubject.objects.get(pk=subject_id)):
        yield {"role": "guardian", "since": one.since}


def role_label(role: Any) -> str:
    """Return what a person is in a guardianship, in words."""
    return str(ROLES.get(role, role))


def _leave(guardianship: Guardianship) -> bool:
    if not end_guardianship(guardianship=guardianship, end=Guardianship.End.LEFT, act=GuardianRecord.Act.LEFT):
        return False
    if not guardians_of(guardianship.subject_id):
        cancel_at_once(subjects=[guardianship.subject_id], ground=DeletionGround.CANCELLED)
    return True
