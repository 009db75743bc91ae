"""`ProcessingRestriction`: since when a person's data is only stored, why, and until when it was so."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class ProcessingRestriction(models.Model):
    """One restriction (GDPR art. 18, PIPL art. 44). It is in force until `lifted_at`; a person may have several."""

    class Why(models.TextChoices):
        REQUEST = "request", _("At the person's request")
        DISPUTE = "dispute", _("The guardians disagree")
        QUARANTINE = "quarantine", _("A parent or guardian has not agreed yet")

    class By(models.TextChoices):
        SELF = "self", _("The person")
        STAFF = "staff", _("Our staff")
        PORTAL = "portal", _("Our software")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    why = models.CharField(_("reason"), max_length=10, choices=Why)
    since = models.DateTimeField(_("since"), db_default=Now())
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.CharField(_("lifted by"), max_length=6, choices=By, blank=True)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        moves=False,
        plain=dict.fromkeys(("why", "since", "lifted_at", "lifted_by"), TECHNICAL),
        copy=CopyPart(
            CopySection.REQUESTS,
            "restrictions",
            _("Restrictions of processing"),
            CopySource.PORTAL,
            (
                CopyValue("since", _("Since")),
                CopyValue("why", _("Why")),
                CopyValue("lifted_at", _("Lifted on")),
                CopyValue("lifted_by", _("Lifted by")),
            ),
            newest="since",
            position=15,
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")
        default_permissions = ("view",)
        permissions: ClassVar = [("lift_restriction", gettext_noop("Can lift a restriction at the person's request"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "why"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_restriction_in_force_for_each_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by="")),
                name="a_lifted_restriction_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
