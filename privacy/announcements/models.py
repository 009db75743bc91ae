"""`Announcement`: how far the messages about one version have got. It names nobody."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.policies.models import PolicyVersion


class Announcement(models.Model):
    """One round of messages about a material version. The row is the queue: unfinished, it goes on after `cursor`.

    People are written to in the order of their numbers, so that one number says who was.
    """

    class Kind(models.TextChoices):
        """Which round it is."""

        FIRST = "first", _("announcement")
        REMINDER = "reminder", _("reminder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy version"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FIRST)
    # The number of the member of staff who asked for a reminder.
    asked_by = models.UUIDField(_("asked for by"), null=True)
    started_at = models.DateTimeField(_("begun"))
    # How many people it was for when it began.
    people = models.PositiveIntegerField(_("people"))
    told = models.PositiveIntegerField(_("written to"), default=0)
    unreachable = models.PositiveIntegerField(_("without a verified contact point"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cursor = models.UUIDField(null=True)
    last_batch_at = models.DateTimeField(_("last batch"))
    finished_at = models.DateTimeField(_("finished"), null=True)

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
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()}"

    @property
    def done(self) -> int:
        """How many people it has come past."""
        return self.told + self.unreachable + self.failed
