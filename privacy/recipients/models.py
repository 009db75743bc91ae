"""`Recipient`: a third party that holds data, and `Delivery`: one message to it, until it is acknowledged."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.inventory.copy_parts import OUR_ATTEMPTS, ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class Recipient(models.Model):
    """A company or system that holds data of the portal: its address, its classes, and the secret that signs."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Notified")
        # It answered 410: nothing is sent, and its messages count as failed until staff check it.
        GONE = "gone", _("Address gone (answered 410)")
        RETIRED = "retired", _("No longer holds data")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=300)
    # Retention classes, as legal holds name them.
    classes = models.JSONField(_("data it holds"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ACTIVE)
    # Sealed under a system key; see `signing_secrets`.
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(_("previous secret valid until"), null=True)
    registered_at = models.DateTimeField(_("registered"), db_default=Now())

    class Meta:
        app_label = "privacy"
        default_permissions = ("add", "change", "view")
        ordering: ClassVar = ["name"]
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(previous_secret__isnull=True, previous_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_until__isnull=False),
                name="a_previous_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to a recipient about one person: ids, keys and times only, never a value of a person.

    The row is the queue: `due_at` says when the sweep takes it. Its id is the `webhook-id`, the same on every attempt.
    """

    class Event(models.TextChoices):
        """What happened to the person's data."""

        SUSPENDED = "subject.suspended", _("Stop using it")
        RESUMED = "subject.resumed", _("Use it again")
        CORRECTED = "subject.corrected", _("Corrected")
        ERASED = "subject.erased", _("Erase it")

    class State(models.TextChoices):
        QUEUED = "queued", _("Not acknowledged yet")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        FAILED = "failed", _("Failed")
        # The cancellation was undone before the recipient acknowledged it.
        SUPERSEDED = "superseded", _("Replaced by a later message")
        SETTLED = "settled", _("Notified by other means")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="+", verbose_name=_("recipient"))
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    event = models.CharField(_("event"), max_length=17, choices=Event)
    classes = models.JSONField(_("retention classes"))
    # Keys of the fields that were corrected.
    fields = models.JSONField(_("fields"), default=list)
    # The erasure that it belongs to, if any: this package knows no erasures.
    case = models.UUIDField(_("account cancellation"), null=True)
    occurred_at = models.DateTimeField(_("happened"))
    deadline_at = models.DateTimeField(_("to be acknowledged by"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(_("next attempt"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    give_up_at = models.DateTimeField(_("failed at"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    # `HTTP 503`, or the name of an error's class: never text of the answer.
    last_error = models.CharField(_("last error"), max_length=80, blank=True)

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("event", "classes", "fields", "case", "occurred_at", "deadline_at", "state", "due_at", "attempts"),
                *("give_up_at", "acknowledged_at", "last_error"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof that we told those who hold your data what to do with it. It contains no name, only a number."),
        copy=CopyPart(
            CopySection.RECEIVED,
            "messages_to_recipients",
            _("What we told others who hold your data"),
            CopySource.PORTAL,
            (
                CopyValue("at", _("When"), column="occurred_at"),
                CopyValue("recipient", _("Recipient"), column="recipient.name"),
                CopyValue("event", _("What we told them")),
                CopyValue("corrected", _("What was corrected"), column="fields", words="fields"),
                CopyValue("data", _("Data they hold"), column="classes", words="classes"),
                CopyValue("state", _("State")),
                CopyValue("confirmed_at", _("Confirmed on"), column="acknowledged_at"),
                CopyValue("to_be_confirmed_by", _("To be confirmed by"), column="deadline_at", for_people=False),
            ),
            newest="at",
            left_out={
                **dict.fromkeys(("due_at", "attempts", "give_up_at", "last_error"), OUR_ATTEMPTS),
                "case": ROW_NUMBER,
            },
        ),
    )

    class Meta:
        app_label = "privacy"
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("settle_delivery", gettext_noop("Can retry a failed delivery, or mark it as notified by other means"))
        ]
        verbose_name = _("message to a recipient")
        verbose_name_plural = _("messages to recipients")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["acknowledged", "settled"], acknowledged_at__isnull=False)
                | Q(state__in=["queued", "failed", "superseded"], acknowledged_at__isnull=True),
                name="an_acknowledgement_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index("due_at", condition=Q(state="queued"), name="deliveries_due"),
            models.Index(
                "recipient", "deadline_at", condition=Q(state__in=["queued", "failed"]), name="deliveries_outstanding"
            ),
            models.Index("case", condition=Q(case__isnull=False), name="deliveries_by_case"),
            models.Index(fields=["occurred_at"], name="deliveries_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
