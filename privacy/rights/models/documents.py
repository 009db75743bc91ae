"""`RequestDocument`: a picture of a document that staff asked for, to prove who asks."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import SealedTextField
from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.rights.models.requests import RightsRequest

# Each picture has a key of its own, so that a backup cannot be read after the picture is destroyed.
DOCUMENT_CLASS = "request_document"


class RequestDocument(models.Model):
    """The picture of a document. It is destroyed when the request closes, and after 30 days at the latest."""

    class Kind(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(RightsRequest, models.CASCADE, related_name="document", verbose_name=_("request"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # Base64 of the bytes as they were sent: nothing here decodes a picture.
    content = SealedTextField(owner="id", retention_class=DOCUMENT_CLASS)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="uploaded_at",
        plain={"kind": TECHNICAL, "uploaded_at": TECHNICAL, "content": "sealed under the picture's own key"},
        copy=NotCopied("a picture of a document that you sent us: it is destroyed once we know who you are"),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("picture of a document")
        verbose_name_plural = _("pictures of documents")
        default_permissions = ()
        indexes = [models.Index(fields=["uploaded_at"], name="request_documents_by_age")]

    def __str__(self) -> str:
        return str(self.pk)
