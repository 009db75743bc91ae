"""Secrets that are sent to contact points, stored as keyed hashes: codes, and links that stop a deletion."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.rights import copy_parts as copied
from privacy.rights.models.requests import CLOSING, RightsRequest


class ProofCode(models.Model):
    """A code that was sent to a contact point, to prove who asks. Only its keyed hash is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="codes")
    # Which of the account's contact points: 1 is the address that the person gave, 2 another one.
    place = models.PositiveSmallIntegerField(default=1)
    code_hash = models.BinaryField()
    sent_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="closed_at",
        plain=dict.fromkeys(("place", "sent_at", "expires_at", "tries", "used_at"), TECHNICAL)
        | {"code_hash": "a keyed hash of a code; it goes with the row", "closed_at": CLOSING},
        copy=copied.CODES,
    )

    class Meta:
        app_label = "privacy"
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["closed_at"], name="request_codes_by_age")]

    def __str__(self) -> str:
        return str(self.pk)


class StopLink(models.Model):
    """A link that stops a deletion, sent to a contact point other than the one that asked for it. It works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="stop_links")
    secret_hash = models.BinaryField(unique=True)
    sent_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="closed_at",
        plain=dict.fromkeys(("sent_at", "used_at"), TECHNICAL)
        | {"secret_hash": "a keyed hash of a random secret; it goes with the row", "closed_at": CLOSING},
        copy=NotCopied("links that stop a deletion: hashes, and times that the request repeats"),
    )

    class Meta:
        app_label = "privacy"
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["closed_at"], name="stop_links_by_age")]

    def __str__(self) -> str:
        return str(self.pk)
