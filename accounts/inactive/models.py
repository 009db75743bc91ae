"""`InactivityWarning`: the state of an inactive account between the first warning and the cancellation."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import OUR_ATTEMPTS, ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class InactivityWarning(models.Model):
    """The warnings of one person. The row is the queue: the next is due by `ends_at`. A use of the account deletes it.

    `ends_at` only moves later. A warning that is sent late moves it, so that each warning is sent in time.
    """

    subject = models.OneToOneField(DataSubject, models.PROTECT, related_name="+")
    # The last queued warning, as days before the end: 60, 7 or 1.
    days = models.PositiveSmallIntegerField(_("days"))
    begun_at = models.DateTimeField(_("started"), db_default=Now())
    # When that warning was sent; null while it waits.
    sent_at = models.DateTimeField(_("sent"), null=True)
    ends_at = models.DateTimeField(_("ends"))
    # The ids of the messages of that warning, one for each verified contact point.
    notices = models.JSONField(_("messages"), default=list)
    # When the next step failed last. Rows that did not fail are processed first.
    failed_at = models.DateTimeField(_("failed"), null=True)
    # Count of queued warnings: an update requires the number that was read (optimistic lock).
    queued = models.PositiveIntegerField(_("waiting"), default=1)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        moves=False,
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
