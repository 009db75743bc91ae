"""Counts of tries that must not depend on the cache: rows of the data database, updated under a lock."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class FailedSignIn(models.Model):
    """A wrong password, until a sweep counts it for its person; stored alike for known and unknown logins."""

    # A random id for an unknown login. The time of a foreign key would show whether a person exists.
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("time"))
    # A family, such as "Firefox on Linux": never the browser's own text.
    device = models.CharField(_("device"), max_length=60)

    inventory = Record(
        retention=RetentionClass.SIGN_IN,
        plain={"at": TECHNICAL, "device": "a family of browsers and systems that millions share"},
        copy=CopyPart(
            CopySection.SECURITY,
            "failed_sign_ins",
            _("Wrong passwords in the last few minutes"),
            CopySource.USE,
            (CopyValue("at", _("When")), CopyValue("device", _("Device"), words="device")),
            newest="at",
            position=2,
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return str(self.pk)


class ConsecutiveFailures(models.Model):
    """Wrong answers in a row to one authenticator of a person; a right one removes the row (SP 800-63B-4, 3.2.2)."""

    class Authenticator(models.TextChoices):
        PASSWORD = "password", _("Password")
        APP = "app", _("Authenticator app")
        RECOVERY_CODES = "recovery_codes", _("Recovery codes")
        PASSKEY = "passkey", _("Passkey")

    # Null in rows of an earlier release without a person; a sweep deletes them.
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)
    authenticator = models.CharField(_("authenticator"), max_length=14, choices=Authenticator)
    count = models.PositiveIntegerField(_("consecutive failures"), default=0)
    last_at = models.DateTimeField(_("last failure"))

    inventory = Record(
        retention=RetentionClass.SIGN_IN,
        plain=dict.fromkeys(("authenticator", "count", "last_at"), TECHNICAL),
        copy=CopyPart(
            CopySection.SECURITY,
            "failures_in_a_row",
            _("Consecutive failed attempts"),
            CopySource.USE,
            (
                CopyValue("last_at", _("Last time")),
                CopyValue("step", _("Sign-in step"), column="authenticator"),
                CopyValue("count", _("How often")),
            ),
            newest="last_at",
            position=1,
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("consecutive failures")
        verbose_name_plural = _("consecutive failures")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "authenticator"], name="failures_once_per_authenticator")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TryWait(models.Model):
    """When the next try under a name is allowed; `id` is a keyed hash of the name, known or not."""

    id = models.BinaryField(primary_key=True, max_length=32)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField()
    not_before = models.DateTimeField()

    class Meta:
        app_label = "accounts"
        indexes: ClassVar = [models.Index(fields=["tried_at"])]

    def __str__(self) -> str:
        return bytes(self.pk).hex()


class TryTotal(models.Model):
    """How often something was tried by all people together within one window."""

    class Kind(models.TextChoices):
        PASSWORD_FAILED = "password_failed", _("wrong passwords")
        FACTOR_FAILED = "factor_failed", _("failed two-step verifications")
        CODE_ASKED = "code_asked", _("codes requested")

    kind = models.CharField(max_length=15, choices=Kind)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "accounts"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "kind"], name="one_total_per_kind_and_window")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.window:%Y-%m-%d %H:%M}: {self.count}"
