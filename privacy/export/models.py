"""`DataCopy`: a person's copy of their data, from the request to its deletion."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import SealedTextField
from privacy.inventory.copy_parts import OUR_ATTEMPTS, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class DataCopy(models.Model):
    """One copy. The row is the queue: `next_attempt_at` says when a worker may take it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        FORGOTTEN = "forgotten", _("Deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    # How many kinds of record are gathered, of how many.
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    document = SealedTextField(retention_class=RetentionClass.ACCOUNT, null=True)
    language = models.CharField(max_length=16)
    # By the database's clock, as the sweep reads it.
    asked_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # The kind of error that stopped the last attempt: never a value.
    last_failure = models.CharField(max_length=120, blank=True)

    inventory = Record(
        retention=RetentionClass.COPIES,
        ages_from="asked_at",
        plain=dict.fromkeys(
            (
                *("state", "done", "total", "language", "asked_at", "next_attempt_at", "attempts"),
                *("ready_at", "expires_at", "last_failure"),
            ),
            TECHNICAL,
        )
        | {"document": "sealed; what it repeats is declared where it comes from"},
        copy=CopyPart(
            CopySection.REQUESTS,
            "copies",
            _("Copies of your data"),
            CopySource.PERSON,
            (
                CopyValue("asked_at", _("Requested on")),
                CopyValue("state", _("State")),
                CopyValue("ready_at", _("Ready since")),
                CopyValue("expires_at", _("Available until")),
                CopyValue("language", _("Language"), words="language"),
            ),
            newest="asked_at",
            position=1,
            left_out={
                **dict.fromkeys(("done", "total", "next_attempt_at", "attempts", "last_failure"), OUR_ATTEMPTS),
                "document": "another copy, whole",
            },
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("copy of the data")
        verbose_name_plural = _("copies of the data")
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(state__in=["waiting", "making"]),
                name="one_copy_in_the_making_per_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ready") | models.Q(document__isnull=True), name="only_a_ready_copy_holds_data"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["asked_at"], name="copies_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_in_the_making(self) -> bool:
        """Whether a worker has yet to finish it."""
        return self.state in (self.State.WAITING, self.State.MAKING)
