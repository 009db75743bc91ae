"""`LegalHold`: which classes of a person's data are kept, on which ground, approved by whom, until when."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.holds.legal_basis import LONGEST
from privacy.inventory.copy_parts import ANOTHER_PERSON, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.policies.grounds import RetentionGround
from privacy.subjects.models import DataSubject


class LegalHold(models.Model):
    """Requested by one member of staff, in force once another approves it, over at its end or once two release it."""

    class State(models.TextChoices):
        """The state of the hold; its end by time does not change it."""

        ASKED = "asked", _("Requested")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        RELEASED = "released", _("Released")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    exception = models.CharField(_("exception"), max_length=6, choices=RetentionGround)
    # A law and its article, or an order and its number; see `legal_basis.py`. Free text about a person does not fit.
    legal_basis = models.CharField(_("legal basis"), max_length=LONGEST)
    classes = models.JSONField(_("retention classes"))
    until = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    # Numbers of staff accounts: this package knows no accounts. Null only if a restore replayed the hold.
    asked_by = models.UUIDField(_("requested by"), null=True)
    asked_at = models.DateTimeField(_("requested"))
    decided_by = models.UUIDField(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    # A member of staff requested the release; the hold continues until another one releases it.
    release_asked_by = models.UUIDField(_("release requested by"), null=True)
    release_asked_at = models.DateTimeField(_("release requested"), null=True)
    released_by = models.UUIDField(_("released by"), null=True)
    released_at = models.DateTimeField(_("released"), null=True)

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("exception", "legal_basis", "classes", "until", "state", "asked_by", "asked_at"),
                *("decided_by", "decided_at", "release_asked_by", "release_asked_at", "released_by", "released_at"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof of what the law required us to keep, and until when. It contains no name, only a number."),
        copy=CopyPart(
            CopySection.LEGAL_HOLDS,
            "legal_holds",
            _("Legal holds"),
            CopySource.STAFF,
            (
                CopyValue("asked_at", _("Requested on")),
                CopyValue("ground", _("Why"), column="exception"),
                CopyValue("legal_basis", _("Legal basis")),
                CopyValue("data", _("What is kept"), column="classes", words="classes"),
                CopyValue("until", _("Until")),
                CopyValue("state", _("State")),
                CopyValue("decided_at", _("Decided on")),
                CopyValue("release_asked_at", _("Release requested on"), for_people=False),
                CopyValue("released_at", _("Released on")),
            ),
            newest="asked_at",
            left_out=dict.fromkeys(("asked_by", "decided_by", "release_asked_by", "released_by"), ANOTHER_PERSON),
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        permissions: ClassVar = [
            ("approve_legalhold", gettext_noop("Can approve or refuse a legal hold")),
            (
                "release_legalhold",
                gettext_noop("Can request the release of a legal hold, or release it as the second person"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="two_people_hold",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | Q(release_asked_by__isnull=True)
                | ~Q(released_by=F("release_asked_by")),
                name="two_people_release",
            ),
            models.CheckConstraint(condition=Q(exception__in=RetentionGround.values), name="a_hold_names_an_exception"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], condition=Q(state="approved"), name="holds_in_force"),
            models.Index(fields=["until"], condition=Q(state="approved"), name="holds_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"{self.exception} {self.pk}"
