"""`Extension`: the one extension of a request's time."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import SealedTextField
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.rights import copy_parts as copied
from privacy.rights.choices import ExtensionReason
from privacy.rights.models.requests import CLOSING, RETENTION_CLASS, SEALED_APART, RightsRequest


class Extension(models.Model):
    """The one extension of a request's time. It exists for the person once its notice was handed over."""

    request = models.OneToOneField(
        RightsRequest, models.CASCADE, primary_key=True, related_name="extension", verbose_name=_("request")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=ExtensionReason)
    text = SealedTextField(owner="request_id", retention_class=RETENTION_CLASS)
    due_at = models.DateTimeField(_("due"))
    decided_by = models.UUIDField(_("decided by"))
    decided_role = models.CharField(_("role"), max_length=80)
    decided_at = models.DateTimeField(_("decided"))
    # The message that says so: its number, because messages are deleted earlier.
    notice = models.UUIDField(_("message"), null=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    # The gateway reported that the message was not delivered, or it was given up.
    void_at = models.DateTimeField(_("void since"), null=True)
    closed_at = models.DateTimeField(null=True)

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="closed_at",
        plain=dict.fromkeys(
            (
                *("reason", "due_at", "decided_by", "decided_role", "decided_at"),
                *("notice", "handed_over_at", "void_at"),
            ),
            TECHNICAL,
        )
        | {"text": SEALED_APART, "closed_at": CLOSING},
        copy=copied.EXTENSIONS,
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("extension of a request")
        verbose_name_plural = _("extensions of requests")
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["closed_at"], name="request_extensions_by_age")]

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"
