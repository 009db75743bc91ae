"""`Notice`: one message to a person, sealed under a key of its own."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import BlindIndexField, SealedTextField
from privacy.inventory.copy_parts import OUR_ATTEMPTS, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

RETENTION_CLASS = "notice"
# Separates the indexes of numbers that got an SMS from those of other texts.
SMS_CONTEXT = "sms"
SEALED_APART = "sealed under a key of its own, which is destroyed once it is sent"


class Notice(models.Model):
    """A message that is due, sent or given up. Only a queued one holds an address and text."""

    class Channel(models.TextChoices):
        """How it is sent to the person."""

        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Null for the last notice after an erasure: it belongs to no person any more.
    subject = models.ForeignKey(DataSubject, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    template = models.CharField(_("occasion"), max_length=40)
    language = models.CharField(_("language"), max_length=16)
    address = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    context = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    # Of an SMS that was sent: a gateway reports a number, and not which message it did not deliver.
    address_index = BlindIndexField(blind_index_of="address", context=SMS_CONTEXT, null=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.QUEUED)
    # It holds a code, or replaces one: it has workers of its own, which no other message can occupy.
    is_urgent = models.BooleanField(_("urgent"), default=False, db_default=False)
    # When its code expires; afterwards it is not sent.
    expires_at = models.DateTimeField(_("code expires"), null=True)
    created_at = models.DateTimeField(_("queued"), db_default=Now())
    # Equal messages share it; of two within an hour the second is counted in `folded` and not sent.
    fold_key = models.BinaryField(null=True, editable=False)
    folded = models.PositiveIntegerField(_("duplicates not sent"), default=0, db_default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # When it was sent or given up; null while it waits.
    ended_at = models.DateTimeField(_("sent or failed"), null=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)

    inventory = Record(
        retention=RetentionClass.MESSAGES,
        ages_from="ended_at",
        plain={
            "channel": TECHNICAL,
            "template": TECHNICAL,
            "language": TECHNICAL,
            "address": SEALED_APART,
            "context": SEALED_APART,
            "address_index": "a keyed hash of the number; it goes with the row",
            "state": TECHNICAL,
            "is_urgent": TECHNICAL,
            "expires_at": TECHNICAL,
            "created_at": TECHNICAL,
            "fold_key": "a keyed hash of person, template and address; it goes with the row",
            "folded": TECHNICAL,
            "due_at": TECHNICAL,
            "attempts": TECHNICAL,
            "ended_at": TECHNICAL,
            "last_error": "the name of an error's class, never its words",
        },
        copy=CopyPart(
            CopySection.MESSAGES,
            "messages",
            _("Messages"),
            CopySource.PORTAL,
            (
                CopyValue("created_at", _("When")),
                CopyValue("about", _("About"), column="template", words="occasion"),
                CopyValue("channel", _("How")),
                CopyValue("language", _("Language"), words="language"),
                CopyValue("state", _("State")),
                CopyValue("sent_at", _("Sent or failed"), column="ended_at"),
                CopyValue("is_urgent", _("Sent at once"), for_people=False),
                CopyValue("code_expires_at", _("Code expires"), column="expires_at", for_people=False),
                CopyValue("duplicates_not_sent", _("Duplicates not sent"), column="folded", for_people=False),
            ),
            newest="created_at",
            left_out={
                **dict.fromkeys(("due_at", "attempts", "last_error"), OUR_ATTEMPTS),
                **dict.fromkeys(("address", "context"), "gone once it is sent; before, a code in it would still work"),
                "fold_key": "a keyed hash that finds duplicates",
                "address_index": "a keyed hash that finds the message about which a gateway reports",
            },
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", address__isnull=False, context__isnull=False)
                | Q(state__in=["sent", "failed"], address__isnull=True, context__isnull=True),
                name="only_a_queued_notice_holds_anything",
            ),
            models.CheckConstraint(condition=Q(channel__in=["sms", "email"]), name="notice_has_a_channel"),
        ]
        indexes = [
            models.Index("is_urgent", "due_at", condition=Q(state="queued"), name="notices_due"),
            models.Index("address_index", "ended_at", condition=Q(address_index__isnull=False), name="sms_by_number"),
            models.Index("fold_key", condition=Q(fold_key__isnull=False), name="notices_equal"),
            models.Index(fields=["ended_at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
