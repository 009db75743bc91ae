"""`RequestRecord`: what happened to a request. Append-only and chained; it holds no name, and outlives the request."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.evidence.models import COPIED_PROOF, NOT_COPIED_PROOF, ChainedRecord
from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.rights.choices import ItemState, Right
from privacy.subjects.models import DataSubject


class RequestRecord(ChainedRecord):
    """One step of a request or of one of its items: receipt, proof, extension, outcome, closing."""

    class Act(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROVEN = "proven", _("Identity confirmed")
        DECIDED = "decided", _("Decided")
        EXTENDED = "extended", _("Time extended, and the person notified")
        EXTENSION_VOID = "extension_void", _("Extension void: the person was not notified")
        ANSWERED = "answered", _("Answer handed over")
        NOT_DELIVERED = "not_delivered", _("Answer not delivered: the message came back")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        DOCUMENT_ASKED = "document_asked", _("Picture of a document asked for")
        DOCUMENT_GIVEN = "document_given", _("Picture of a document sent")
        DOCUMENT_SEEN = "document_seen", _("Picture of a document looked at")
        LOST = "lost", _("Lost by a restore")
        ERASED = "erased", _("Deleted with the account")

    # The number of the request and its reference: its row is deleted earlier than this one.
    request = models.UUIDField(_("request"))
    reference = models.CharField(_("reference"), max_length=23, db_index=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    act = models.CharField(_("action"), max_length=14, choices=Act)
    right = models.CharField(_("right"), max_length=11, choices=Right, blank=True)
    outcome = models.CharField(_("outcome"), max_length=11, choices=ItemState, blank=True)
    # By when the request was to be answered, as of this step.
    due_at = models.DateTimeField(_("due"), null=True)
    # The rule, the reasons of a refusal: never a value of a person.
    details = models.JSONField(_("details"), default=dict)
    role = models.CharField(_("role"), max_length=80, blank=True)
    at = models.DateTimeField(_("time"))

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("position", "previous_hash", "hash", "request", "reference", "act", "right", "outcome"),
                *("details", "due_at", "role", "at"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof that we answered your requests in time. It contains no name, only a reference."),
        copy=CopyPart(
            CopySection.REQUESTS,
            "request_steps",
            _("Steps of your requests"),
            CopySource.PORTAL,
            (
                CopyValue("reference", _("Reference")),
                CopyValue("at", _("When")),
                CopyValue("act", _("What happened")),
                CopyValue("right", _("What you asked for")),
                CopyValue("outcome", _("Outcome")),
                CopyValue("role", _("Role"), words="our_words"),
                CopyValue("due_at", _("To be answered by"), for_people=False),
                CopyValue("details", _("Details"), for_people=False),
                *COPIED_PROOF,
            ),
            newest="position",
            position=14,
            left_out={**NOT_COPIED_PROOF, "request": "the number of the request: the reference names it"},
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["subject", "-position"], name="request_steps_of_a_person"),
            models.Index(fields=["due_at"], condition=models.Q(act="lost"), name="lost_requests"),
        ]

    def __str__(self) -> str:
        return str(self.position)
