"""`AnsweredRequest`: the answer to a POST, for a retry within a day."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class AnsweredRequest(models.Model):
    """One Idempotency-Key of one caller; the answer is sealed, the request is a keyed hash."""

    # A keyed hash of the caller's token and the key.
    id = models.BinaryField(primary_key=True, max_length=32)
    subject = models.ForeignKey(DataSubject, models.PROTECT, null=True, related_name="+")
    request = models.BinaryField(max_length=32)
    # Null while the first request is running.
    answer = models.BinaryField(null=True)
    begun_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    inventory = Record(
        retention=RetentionClass.SIGN_IN,
        plain={
            "request": "a keyed hash of a request",
            "answer": "sealed under its person's key; nobody's, under a system key",
            "begun_at": TECHNICAL,
            "expires_at": TECHNICAL,
        },
        copy=NotCopied("answers that this person's apps were given within the last day; what they say is in the copy"),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("answered app request")
        verbose_name_plural = _("answered app requests")
        indexes: ClassVar = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return bytes(self.pk).hex()
