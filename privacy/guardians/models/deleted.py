"""`DeletedChild`: the number of a child who waited and is gone, so that no backup brings them back."""

from django.db import models

from privacy.evidence.models import ChainedRecord


class DeletedChild(ChainedRecord):
    """A child who waited for a guardian was deleted: their guardian refused, or did not answer in time.

    It has a random number and a time only, and does not say which. Append-only; it is copied to the journal.
    """

    child = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.position)
