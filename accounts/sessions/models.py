"""Open sessions of a person, and the devices on which they signed in."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sessions.copy_parts import KNOWN_DEVICES, SESSIONS
from accounts.sessions.payloads import open_payload
from privacy.encryption.fields import SealedTextField
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class Session(models.Model):
    """A session with a sealed payload. It names its person, so that all sessions of a person can be ended."""

    class Kind(models.TextChoices):
        """Who holds the secret: a browser in a cookie, or an app as its bearer token."""

        COOKIE = "cookie", _("Browser")
        TOKEN = "token", _("App")

    # A keyed hash of the secret and its kind (`accounts.sessions.keys`): it cannot be used to sign in.
    session_key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)

    inventory = Record(
        retention=RetentionClass.SIGN_IN,
        plain={
            "kind": TECHNICAL,
            "session_data": "sealed under its person's key; without a person, under a system key",
            "expire_date": TECHNICAL,
        },
        copy=SESSIONS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["cookie", "token"]), name="a_session_has_a_known_kind")
        ]

    def __str__(self) -> str:
        return self.session_key

    def get_decoded(self) -> dict[str, Any]:
        """Return the payload, or an empty one where it cannot be decrypted."""
        return open_payload(self.session_data, self.session_key, self.subject_id)


class KnownDevice(models.Model):
    """A browser or app on which a person signed in: it has its own limits, and its next sign-in sends no notice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    hash = models.BinaryField(unique=True, max_length=32)
    # A family, such as "Firefox on Linux": never the browser's own text.
    device = models.CharField(_("device"), max_length=60)
    # What the owner typed. It is sealed under the key of sessions, whose names it replaces.
    name = SealedTextField(retention_class=RetentionClass.SIGN_IN, null=True)
    created_at = models.DateTimeField(_("first signed in"))
    last_used_at = models.DateTimeField(_("last signed in"))

    inventory = Record(
        retention=RetentionClass.SECURITY,
        ages_from="last_used_at",
        plain={
            "hash": "a keyed hash of a random token",
            "device": "a family of browsers and systems that millions share",
            "name": "sealed; what its owner calls the device",
            "created_at": TECHNICAL,
            "last_used_at": TECHNICAL,
        },
        copy=KNOWN_DEVICES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        indexes: ClassVar = [
            models.Index(fields=["subject", "-last_used_at"]),
            models.Index(fields=["last_used_at"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)
