"""`Profile`: the data that a person gave, sealed; `Correction`: which field was corrected, when and by whom."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.profiles import declarations as declared
from accounts.profiles.company_numbers import NumberKind
from accounts.profiles.copy_parts import CORRECTIONS, PROFILE
from accounts.profiles.terms import SealedTermField
from privacy.encryption.fields import SealedDateField, SealedTextField
from privacy.inventory.declarations import TECHNICAL, Kind, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

KINDS = [(Kind.INDIVIDUAL.value, _("Individual")), (Kind.ENTERPRISE.value, _("Enterprise"))]
NUMBER_KINDS = [
    (NumberKind.REGISTER.value, _("number of a company register")),
    (NumberKind.TAX.value, _("VAT or other tax number")),
    (NumberKind.UNKNOWN.value, _("number of an unknown kind")),
]


class Profile(models.Model):
    """The fields of a profile, without the username and the contact points."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.OneToOneField(DataSubject, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    name = SealedTextField(declared.NAME)
    company_name = SealedTextField(declared.COMPANY_NAME, null=True)
    country = SealedTextField(declared.COUNTRY)
    time_zone = SealedTextField(declared.TIME_ZONE, null=True)
    enterprise_name = SealedTextField(declared.ENTERPRISE_NAME, null=True)
    registration_number = SealedTextField(declared.REGISTRATION_NUMBER, null=True)
    # Empty without a number, and for numbers stored before this column existed.
    registration_number_kind = models.CharField(
        _("kind of registration number"), max_length=16, choices=NUMBER_KINDS, blank=True, default="", db_default=""
    )
    # The number is doubted, the person confirmed it, and staff have not compared it yet.
    registration_number_needs_review = models.BooleanField(
        _("registration number to compare with the licence"), default=False
    )
    business_period_start = SealedDateField(declared.BUSINESS_PERIOD_START, null=True)
    # Null beside a start means no fixed term: an earlier form had no such choice.
    business_period_end = SealedTermField(declared.BUSINESS_PERIOD_END, null=True)
    business_area = SealedTextField(declared.BUSINESS_AREA, null=True)
    business_address = SealedTextField(declared.BUSINESS_ADDRESS, null=True)
    # When somebody attested last that they may give the data of the contact person of an enterprise.
    attested_at = models.DateTimeField(_("authority attested"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(
            (
                *("kind", "registration_number_kind", "registration_number_needs_review"),
                *("attested_at", "created_at", "updated_at"),
            ),
            TECHNICAL,
        ),
        copy=PROFILE,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="profiles_by_age"),
            models.Index(
                fields=["updated_at"],
                condition=models.Q(registration_number_needs_review=True),
                name="numbers_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Correction(models.Model):
    """A corrected field, without its values."""

    class By(models.TextChoices):
        SELF = "self", _("Myself")
        STAFF = "staff", _("Staff, on request")
        GUARDIAN = "guard", _("My parent or guardian")
        # Of an enterprise.
        OWNER = "owner", _("A member of the enterprise, as owner")
        ADMINISTRATOR = "admin", _("A member of the enterprise, as administrator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    field = models.CharField(_("field"), max_length=40)
    by = models.CharField(_("by whom"), max_length=5, choices=By)
    at = models.DateTimeField(_("time"), db_default=Now())

    inventory = Record(
        retention=RetentionClass.CORRECTIONS,
        ages_from="at",
        plain=dict.fromkeys(("field", "by", "at"), TECHNICAL),
        copy=CORRECTIONS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes: ClassVar = [
            models.Index(fields=["subject", "-at"]),
            models.Index(fields=["at"], name="corrections_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.pk}"
