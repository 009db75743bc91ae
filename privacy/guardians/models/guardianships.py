"""`Guardianship`: who acts for which child, until when, and what follows on the day of age."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.encryption.fields import BlindIndexField, SealedDateField, SealedTextField
from privacy.guardians.models.accesses import ADDRESS_CONTEXT
from privacy.guardians.models.pending import Channel
from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

SEALED = "sealed under the child's key"
OF_THE_GUARDIAN = "the address or the account of the guardian: another person"


class Guardianship(models.Model):
    """A guardian who acts for one child until the day of age: then the person is asked for their own agreement.

    Its end deletes what is stored of the guardian: no message goes to them after it.
    """

    class End(models.TextChoices):
        OF_AGE = "of_age", _("The child reached the age")
        WITHDREW = "withdrew", _("The guardian withdrew")
        LEFT = "left", _("The guardian's own account was erased")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("child"))
    # The number under which the child waited, as in the evidence.
    child = models.UUIDField(_("number of the request"), unique=True)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    language = models.CharField(_("language"), max_length=16)
    address = SealedTextField(retention_class=RetentionClass.ACCOUNT, null=True)
    address_index = BlindIndexField(blind_index_of="address", context=ADDRESS_CONTEXT, null=True)
    # The keyed hash of the guardian's second contact point, where that was the proof: never the child's own.
    second_mark = models.BinaryField(null=True)
    account = SealedTextField(retention_class=RetentionClass.ACCOUNT, null=True)
    # The keyed hash of the account's number, by which the guardian's own erasure finds it.
    account_mark = models.BinaryField(null=True)
    reached_on = SealedDateField(retention_class=RetentionClass.ACCOUNT)
    since = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_as = models.CharField(_("reason of the end"), max_length=8, choices=End, blank=True)
    # When the person agreed for themselves after the day of age, or staff settled a disagreement; and when the account
    # was suspended without an answer.
    confirmed_at = models.DateTimeField(_("agreed for themselves"), null=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        moves=False,
        plain=dict.fromkeys(
            (
                *("child", "channel", "language", "second_mark", "account_mark", "since", "ended_at", "ended_as"),
                *("confirmed_at", "suspended_at"),
            ),
            TECHNICAL,
        )
        | dict.fromkeys(("address", "account", "reached_on"), SEALED),
        copy=CopyPart(
            CopySection.CONSENT,
            "guardians",
            _("Guardians and children here"),
            CopySource.PERSON,
            (
                CopyValue("you_are", _("You are"), column="role", words="guardian_role"),
                CopyValue("since", _("Since")),
                CopyValue("of_age_on", _("Day on which you reach the age"), column="reached_on"),
                CopyValue("ended_at", _("Ended")),
                CopyValue("ended_as", _("Why it ended")),
                CopyValue("confirmed_at", _("You agreed for yourself")),
                CopyValue("suspended_at", _("Suspended without your answer")),
            ),
            newest="since",
            position=16,
            left_out={
                **dict.fromkeys(("address", "account", "channel", "language"), OF_THE_GUARDIAN),
                "address_index": "a keyed hash that finds the address",
                **dict.fromkeys(("second_mark", "account_mark"), "a keyed hash that finds the address"),
                "child": "the number of another row",
            },
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("decide_for_child", gettext_noop("Can decide between guardians, and report a child without a guardian")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="a_guardianship_says_why_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, address_index__isnull=False)
                | Q(ended_at__isnull=False, address_index=None, second_mark=None, account_mark=None),
                name="a_guardianship_in_force_has_an_address",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="guardianships_of_a_child"),
            models.Index(fields=["address_index"], name="guardianships_by_address"),
            models.Index(fields=["account_mark"], name="guardianships_by_account"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def role(self) -> str:
        """What the person of this row is in it, for their copy."""
        return "child"
