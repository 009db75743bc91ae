"""`Announcement`: progress of the messages about a version. `PostponedMessage`: one that cannot be stored yet."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject


class Announcement(models.Model):
    """One round of messages about a material version. The row is the queue: it continues after `cursor` until finished.

    Messages are stored in the order of people's numbers, so that one number says who is done. People who register
    after the round began are found in the ledger of consents, in its order, and handled as `PostponedMessage` says. A
    finished round continues with these until it is closed.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("announcement")
        REMINDER = "reminder", _("reminder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy version"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FIRST)
    # The number of the member of staff who asked for a reminder.
    asked_by = models.UUIDField(_("requested by"), null=True)
    started_at = models.DateTimeField(_("started"))
    # How many people it was for when it began.
    people = models.PositiveIntegerField(_("people"))
    told = models.PositiveIntegerField(_("notified"), default=0)
    unreachable = models.PositiveIntegerField(_("without a verified contact point"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cursor = models.UUIDField(null=True)
    # The length of the ledger of consents when it began, and the position read so far. Null where no one can register
    # under the old text any more, or an earlier release began the round.
    began_at_position = models.BigIntegerField(null=True)
    consents_read = models.BigIntegerField(null=True)
    # When the round last handled people.
    last_batch_at = models.DateTimeField(_("last batch"))
    # Until when its messages use the pace that all rounds share.
    paced_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        app_label = "privacy"
        verbose_name = _("announcement of a policy")
        verbose_name_plural = _("announcements of policies")
        default_permissions = ()
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(finished_at__isnull=True), name="one_announcement_at_a_time"
            ),
            models.UniqueConstraint(fields=["version"], condition=Q(kind="first"), name="one_first_announcement"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(finished_at__isnull=False), name="closed_once_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()}"

    @property
    def done(self) -> int:
        """How many people it has handled."""
        return self.told + self.unreachable + self.failed

    @property
    def left(self) -> int:
        """How many people it has yet to handle."""
        return max(self.people - self.done, 0)


class PostponedMessage(models.Model):
    """A person whom a round could not notify yet: cancelled, without a verified contact point, or newly registered.

    The row is deleted once the person is notified, agrees, or is erased. `look_at` is the time of the next check.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="+")
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    # Not among the people that the round was for when it began.
    is_late = models.BooleanField()
    look_at = models.DateTimeField()
    # Until when a person without a verified contact point is checked.
    until = models.DateTimeField()

    inventory = Record(
        retention=RetentionClass.MESSAGES,
        ages_from="until",
        plain=dict.fromkeys(("is_late", "look_at", "until"), TECHNICAL),
        copy=NotCopied("kept for days, until a message about the policy can be sent; that one is with the messages"),
    )

    class Meta:
        app_label = "privacy"
        default_permissions = ()
        verbose_name = _("postponed message")
        verbose_name_plural = _("postponed messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "subject"], name="postponed_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["announcement", "look_at"], name="postponed_to_look_at"),
            models.Index(fields=["until"], name="postponed_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
