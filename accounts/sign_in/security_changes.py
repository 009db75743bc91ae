"""`SecurityChange`: a change of what signs in or recovers, which its owner can undo for a while ("this was not me")."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.copied import SIGN_IN_CHANGES
from accounts.sign_in.models import EMAIL, ENTERPRISE_EMAIL, PHONE, SecurityEvent
from accounts.users.models import USERNAME
from privacy.encryption.fields import SealedTextField
from privacy.register.declarations import TECHNICAL, Record
from privacy.register.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

_CLASS = RetentionClass.SIGN_IN


class SecurityChange(models.Model):
    """One change, what it replaced, and the hash of the secret in the link that undoes it until `undo_until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=SecurityEvent.Kind)
    # By the database's clock at this change, not at the begin of its transaction: undoing needs their order.
    at = models.DateTimeField(_("time"))
    device = models.CharField(_("device"), max_length=60)
    undo_until = models.DateTimeField(_("can be undone until"))
    undone_at = models.DateTimeField(_("undone"), null=True)
    hash = models.BinaryField(unique=True)
    # What the change brought: a contact point, or an app or a passkey. Numbers, since either may be gone by now.
    field = models.CharField(_("field"), max_length=20, blank=True)
    new_contact = models.UUIDField(_("new contact point"), null=True)
    new_factor = models.BigIntegerField(_("new second factor"), null=True)
    # What it replaced.
    former_contact = SealedTextField(PHONE, EMAIL, ENTERPRISE_EMAIL, retention_class=_CLASS, null=True)
    former_username = SealedTextField(USERNAME, retention_class=_CLASS, null=True)
    former_factor = SealedTextField(retention_class=_CLASS, null=True)

    register = Record(
        retention=_CLASS,
        plain={
            "hash": "a keyed hash of a random secret",
            "device": "a family of browsers and systems that millions share",
            "former_factor": "an app or a passkey as it stood, sealed: never shown, and in no copy",
            **dict.fromkeys(("kind", "at", "undo_until", "undone_at", "field", "new_contact", "new_factor"), TECHNICAL),
        },
        copy=SIGN_IN_CHANGES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("sign-in change")
        verbose_name_plural = _("sign-in changes")
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="changes_of_a_person"),
            models.Index(fields=["undo_until"], name="changes_by_their_end"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def adds_a_way_in(self) -> bool:
        """Whether undoing it takes something away that signs in or recovers; else it only ends sessions."""
        return bool(self.field or self.new_factor) or self.kind == SecurityEvent.Kind.RECOVERY_CODES_MADE
