"""Wrapped keys, in the `keys` database only: one per owner and retention class, and a few system keys.

Only `KeysFingerprint` is in the data; it says which keys database belongs to them.
"""

from django.db import models
from django.db.models.functions import Now

# The system key of blind indexes.
BLIND_INDEX_KEY = "blind-index"


class DataKey(models.Model):
    """A wrapped AES-256 key of one owner (a subject, or one message) and class; once destroyed, it is a tombstone.

    `owner` is a plain UUID: the keys database holds no person and no foreign key to another database.
    """

    owner = models.UUIDField()
    retention_class = models.CharField(max_length=16)
    wrapped = models.BinaryField(null=True)
    master_key = models.CharField(max_length=32)
    created_at = models.DateTimeField(db_default=Now())
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.UniqueConstraint(fields=["owner", "retention_class"], name="one_key_per_owner_and_class"),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="a_destroyed_key_holds_nothing",
            ),
        ]
        indexes = [
            models.Index(
                "retention_class",
                "destroyed_at",
                condition=models.Q(destroyed_at__isnull=False),
                name="gravestones_by_age",
            ),
            models.Index(
                "owner",
                condition=models.Q(retention_class="notice", destroyed_at__isnull=True),
                name="living_keys_of_messages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.retention_class} key {self.pk}"


class SystemKey(models.Model):
    """A wrapped key of the portal itself, such as that of blind indexes or of sessions."""

    name = models.CharField(max_length=32, primary_key=True)
    wrapped = models.BinaryField()
    master_key = models.CharField(max_length=32)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "privacy"
        db_table = "privacy_housekey"

    def __str__(self) -> str:
        return self.name


class KeysFingerprint(models.Model):
    """A keyed hash that only the keys database of these data can compute; the table has one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "privacy"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_fingerprint_of_the_keys")]

    def __str__(self) -> str:
        return "fingerprint of the keys database"
