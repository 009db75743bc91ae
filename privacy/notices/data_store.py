"""Waiting notices are data of a person, too: an erasure withdraws them and destroys their keys."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.notices.services import withdraw_notices


class NoticesStore(DataStore):
    """The messages to a person. Each has its own key, which destroying the person's keys would not reach."""

    name = "privacy.notices"
    label = _("messages to you")
    retention = RetentionClass.MESSAGES

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Withdraw every notice; return how many each person had."""
        return withdraw_notices(subjects)
