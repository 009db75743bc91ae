"""`GuardianRecord`: what a guardian was shown and decided. Append-only and chained; it holds no name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.evidence.models import COPIED_PROOF, NOT_COPIED_PROOF, ChainedRecord
from privacy.inventory.copy_parts import ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class GuardianRecord(ChainedRecord):
    """What a guardian was shown, how they proved who they are, and what they decided. It holds no name.

    Append-only; it outlives an erasure. `child` is the number of the pending child, whose row is gone by then.
    """

    class Act(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        REGISTERED = "registered", _("Registered with the child")
        WITHDREW = "withdrew", _("Withdrew the agreement")
        CAME_OF_AGE = "came_of_age", _("The child reached the age: the guardian's rights ended")
        CONFIRMED = "confirmed", _("The person agreed for themselves")
        LEFT = "left", _("The guardian's own account was erased: their rights ended")
        KEPT = "kept", _("Staff decided between the guardians: the account stays")
        ERASED = "erased", _("Staff decided between the guardians: the account is erased")
        FOUND = "found", _("Found without the consent of a guardian")

    child = models.UUIDField(_("child"), db_index=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    act = models.CharField(_("action"), max_length=16, choices=Act)
    country = models.CharField(_("country or region"), max_length=2)
    # The age of consent there, as it was applied.
    age = models.PositiveSmallIntegerField(_("age"))
    # What was shown: its words as a digest (SHA-256), their language, and the digest of the policy.
    shown = models.CharField(_("digest of what was shown"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    policy = models.CharField(_("digest of the policy"), max_length=64, blank=True)
    # How the guardian proved who they are, step by step; never a value of a person.
    proof = models.JSONField(_("proof"), default=list)
    at = models.DateTimeField(_("time"))

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("position", "previous_hash", "hash", "child", "act", "country", "age", "shown", "language"),
                *("policy", "proof", "at"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof that a parent or guardian agreed. It contains no name."),
        copy=CopyPart(
            CopySection.CONSENT,
            "guardian_steps",
            _("What your parent or guardian agreed to"),
            CopySource.PORTAL,
            (
                CopyValue("at", _("When")),
                CopyValue("act", _("What happened")),
                CopyValue("country", _("Country or region"), words="country"),
                CopyValue("age", _("Age of consent there")),
                CopyValue("language", _("Language"), words="language"),
                CopyValue("shown", _("Digest of what was shown"), for_people=False),
                CopyValue("policy", _("Digest of the policy"), for_people=False),
                CopyValue("proof", _("How it was proven"), for_people=False),
                *COPIED_PROOF,
            ),
            newest="position",
            position=15,
            left_out={**NOT_COPIED_PROOF, "child": ROW_NUMBER},
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("step of a guardian")
        verbose_name_plural = _("steps of guardians")
        default_permissions = ("view",)
        indexes: ClassVar = [models.Index(fields=["subject", "-position"], name="guardian_steps_of_a_person")]

    def __str__(self) -> str:
        return str(self.position)
