"""`DataSubject`: a person without a name; evidence about them may outlive their account."""

import uuid

from django.db import models


class DataSubject(models.Model):
    """A UUID, a jurisdiction, dates. Consents, requests, erasures and keys refer to it; the account can be deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jurisdiction = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "privacy"

    def __str__(self) -> str:
        return str(self.pk)
