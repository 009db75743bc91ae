"""`InactivityWarning`: where a person who no longer signs in stands between the first warning and the cancellation."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import OUR_ATTEMPTS, ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class InactivityWarning(models.Model):
    """The warnings of one person. The row is the queue: `ends_at` says when the next is due; using the account ends it.

    `ends_at` only ever moves later: a warning that went out late moves it, so that each comes in time before it.
    """

    subject = models.OneToOneField(DataSubject, models.PROTECT, related_name="+")
    # The warning that was queued last, by how many days before the end: 60, 7 or 1.
    days = models.PositiveSmallIntegerField(_("days"))
    begun_at = models.DateTimeField(_("started"), db_default=Now())
    # When it was sent; null while it waits.
    sent_at = models.DateTimeField(_("sent"), null=True)
    ends_at = models.DateTimeField(_("ends"))
    # The ids of its messages, one for each verified contact point.
    notices = models.JSONField(_("messages"), default=list)
    # When the next step failed last: the others come first.
    failed_at = models.DateTimeField(_("failed"), null=True)
    # How often a warning was queued: whoever acts on the row has seen this number.
    queued = models.PositiveIntegerField(_("waiting"), default=1)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("days", "begun_at", "sent_at", "ends_at", "notices", "failed_at", "queued"), TECHNICAL),
        copy=CopyPart(
            CopySection.MESSAGES,
            "unused_account_warnings",
            _("Warnings that you do not use the account"),
            CopySource.PORTAL,
            (
                CopyValue("begun_at", _("First warning")),
                CopyValue("last_sent_at", _("Last warning sent"), column="sent_at"),
                CopyValue("days_before", _("Days left at the last warning"), column="days"),
                CopyValue("ends_at", _("The account is cancelled")),
            ),
            newest="begun_at",
            position=1,
            left_out={
                "notices": ROW_NUMBER,
                **dict.fromkeys(("failed_at", "queued"), OUR_ATTEMPTS),
            },
        ),
    )

    class Meta:
        app_label = "accounts"
        db_table = "accounts_unusedwarning"
        verbose_name = _("warning about an inactive account")
        verbose_name_plural = _("warnings about inactive accounts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(days__in=[60, 7, 1]), name="warned_60_7_and_1_days_before")
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return str(self.pk)
