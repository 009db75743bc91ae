"""`PendingChild`: a child who waits for a parent or guardian, and the secrets of its links."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.encryption.fields import SealedDateField, SealedTextField

# A pending child has a key of its own: it is no person of this portal yet, and may never be.
RETENTION_CLASS = "guardian_request"


class Channel(models.TextChoices):
    """How a guardian is reached; the names are those of the channels of messages."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Proof(models.TextChoices):
    """How a guardian proves who they are. The link is in the first message, and never enough alone."""

    LINK = "link", _("The link of the first message")
    SECOND_CONTACT = "second_contact", _("A second contact point, confirmed a day later")
    ACCOUNT = "account", _("An account of an adult here, with a fresh sign-in")
    DOCUMENT = "document", _("A document that staff looked at")


class PendingChild(models.Model):
    """A child below the age of consent, for whom a parent or guardian was asked.

    It holds the address of the guardian, what the child is called in the message, and the day of age, and nothing else
    of the child. A refusal or the end of the time deletes the row and destroys its key: no state says so.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        # The guardian agreed by the link; the second proof is outstanding.
        PROVING = "proving", _("Agreed, not yet proven")
        AGREED = "agreed", _("Agreed")

    id = models.UUIDField(_("number of the request"), primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(_("country or region"), max_length=2)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=16)
    # That of the guardian's message.
    language = models.CharField(_("language"), max_length=16)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    address = SealedTextField(owner="id", retention_class=RETENTION_CLASS)
    called = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    reached_on = SealedDateField(owner="id", retention_class=RETENTION_CLASS)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    # When the row is deleted, unless the guardian answers before.
    expires_at = models.DateTimeField(_("deleted on"))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    # The numbers of its messages: those that still wait are deleted with it.
    notices = models.JSONField(default=list)
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    # A second contact point of the guardian, which is asked a day after the first answer.
    second_channel = models.CharField(
        _("channel of the second contact point"), max_length=5, choices=Channel, blank=True
    )
    second_address = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    second_due_at = models.DateTimeField(_("second message due"), null=True)
    second_sent_at = models.DateTimeField(_("second message written"), null=True)
    # How the guardian proved who they are, step by step: of `Proof`.
    proof = models.JSONField(_("proof"), default=list)
    # The number of the guardian as a person of this portal, where an account was the proof.
    account = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    # The number of the guardianship that a second guardian joins: the child is registered already.
    joins = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)

    class Meta:
        app_label = "privacy"
        verbose_name = _("child who waits for a guardian")
        verbose_name_plural = _("children who wait for a guardian")
        default_permissions = ("view",)
        permissions: ClassVar = [("confirm_guardian", gettext_noop("Can confirm a guardian whose document they saw"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="asked", agreed_at__isnull=True)
                | Q(state__in=["proving", "agreed"], agreed_at__isnull=False),
                name="an_agreement_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(second_address__isnull=True, second_channel="", second_due_at__isnull=True)
                | (Q(second_address__isnull=False, second_due_at__isnull=False) & ~Q(second_channel="")),
                name="a_second_contact_point_is_asked_later",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="pending_children_by_end")]

    def __str__(self) -> str:
        return str(self.pk)


class GuardianLink(models.Model):
    """The secret of one link to a pending child, as a keyed hash. Each message has a link of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(PendingChild, models.CASCADE, related_name="links")
    token_hash = models.BinaryField(unique=True)
    # Of the message to the second contact point.
    is_second = models.BooleanField(default=False)

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
