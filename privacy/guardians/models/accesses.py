"""`GuardianAccess`: a guardian's way to their children, from the link that is asked for to the end of its session."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from privacy.encryption.fields import BlindIndexField

# That of the contact points of people: an erasure finds a guardian by it, without a key.
ADDRESS_CONTEXT = "contact"


class GuardianAccess(models.Model):
    """A link that was asked for with an address, and the session that it opened, once.

    A row is made for every address, known or not, so that both are answered in the same time; one of an unknown address
    is deleted when its link would be sent. It holds keyed hashes and times only, and is deleted a day after its link
    was asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address_index = BlindIndexField(blind_index_of="address", context=ADDRESS_CONTEXT)
    asked_at = models.DateTimeField(db_default=Now())
    # The keyed hash of the link's secret, once the message is written.
    token_hash = models.BinaryField(unique=True, null=True)
    sent_at = models.DateTimeField(null=True)
    # When the link was used, and the session's last use; afterwards only the session is open.
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # Signed out, or revoked.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(token_hash__isnull=True, sent_at__isnull=True, opened_at__isnull=True)
                | Q(token_hash__isnull=False, sent_at__isnull=False),
                name="a_guardians_link_is_sent_before_it_is_opened",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, used_at__isnull=True)
                | Q(opened_at__isnull=False, used_at__isnull=False),
                name="a_guardians_session_has_a_last_use",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["address_index"], name="guardian_access_by_address"),
            models.Index(fields=["asked_at"], name="guardian_access_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
