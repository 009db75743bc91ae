"""Licences have keys and files of their own: an erasure deletes them beside the rows."""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.licences.models import Licence
from accounts.licences.moving import delete_licences
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass


class LicencesStore(DataStore):
    """The licences of a person. Destroying the person's keys would not reach theirs."""

    name = "accounts.licences"
    label = _("your business licences")
    retention = RetentionClass.ACCOUNT

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Delete rows, files and keys; return how many licences each person had."""
        owners = dict(Licence.objects.filter(subject__pk__in=list(subjects)).values_list("pk", "subject_id"))
        delete_licences(list(owners))
        return Counter(owners.values())
