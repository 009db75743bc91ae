"""Notices under way are data of a person too: erasing withdraws them, and then destroys their keys."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.notices.services import withdraw_notices
from privacy.register.holders import Holder, register_holder
from privacy.register.retention_classes import RetentionClass


class NoticesHolder(Holder):
    """The messages to a person. Their keys are of their own, so destroying the person's keys would not reach them."""

    name = "privacy.notices"
    label = _("messages to you")
    retention = RetentionClass.MESSAGES

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Withdraw every notice; return how many each person had."""
        return withdraw_notices(subjects)


register_holder(NoticesHolder())
