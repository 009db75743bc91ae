"""Phone numbers and e-mail addresses of a person, and the codes that verify them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.copy_parts import CONTACT_POINTS
from privacy.encryption.fields import BlindIndexField, SealedTextField
from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Kind, PersonalField, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

PHONE = PersonalField(
    key="phone",
    label=_("Phone number"),
    kinds=frozenset(Kind),
    purpose="security",
    why=_("To confirm that it's you, to help you back in, and to warn you of security problems."),
    without=_("You cannot register."),
    required_for=frozenset(Kind),
    sensitive=True,
    retention_class=RetentionClass.CONTACT,
    max_length=40,
    position=40,
)


EMAIL = PersonalField(
    key="email",
    label=_("E-mail"),
    kinds=frozenset({Kind.INDIVIDUAL}),
    purpose="messages",
    why=_("To warn you of security problems and to help you back into your account."),
    without=_("We can reach you by phone only."),
    sensitive=True,
    retention_class=RetentionClass.CONTACT,
    max_length=254,
    position=80,
)


ENTERPRISE_EMAIL = PersonalField(
    key="enterprise_email",
    label=_("Enterprise e-mail"),
    kinds=frozenset({Kind.ENTERPRISE}),
    purpose="messages",
    why=_("To warn you of security problems and to help you back into your account."),
    without=_("You cannot register."),
    required_for=frozenset({Kind.ENTERPRISE}),
    sensitive=True,
    retention_class=RetentionClass.CONTACT,
    max_length=254,
    position=150,
)


# Separates the blind indexes of contact points from those of other texts.
CONTACT_CONTEXT = "contact"


class ContactPoint(models.Model):
    """A phone number or an e-mail address of a person; used only once it is verified."""

    class Kind(models.TextChoices):
        """The kinds of contact points."""

        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    # The field in the data inventory: phone, email or enterprise_email.
    field = models.CharField(_("field"), max_length=20)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    value = SealedTextField(PHONE, EMAIL, ENTERPRISE_EMAIL)
    index = BlindIndexField(blind_index_of="value", context=CONTACT_CONTEXT)
    verified_at = models.DateTimeField(_("verified"), null=True)
    # When two members of staff entered it on a verified request. A code to it recovers access, and verifies it.
    reset_at = models.DateTimeField(_("set by staff"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    inventory = Record(
        retention=RetentionClass.CONTACT,
        plain=dict.fromkeys(("field", "kind", "verified_at", "reset_at", "created_at"), TECHNICAL),
        copy=CONTACT_POINTS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["index"], condition=models.Q(verified_at__isnull=False), name="one_owner_per_verified_contact"
            ),
            models.UniqueConstraint(
                fields=["subject", "field"],
                condition=models.Q(verified_at__isnull=False),
                name="one_verified_contact_per_field",
            ),
            # A code to such a number recovers access, so that one account only may have it.
            models.UniqueConstraint(
                fields=["index"],
                condition=models.Q(reset_at__isnull=False, verified_at__isnull=True),
                name="one_person_per_contact_set_by_staff",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["index"])]

    def __str__(self) -> str:
        return str(self.pk)


class Code(models.Model):
    """A one-time code that one session requested: 6 digits, kept as a keyed hash, few tries, used once.

    A code without contact point and person belongs to a login that no account has. No digits match it.
    """

    class Use(models.TextChoices):
        """What the code proves or allows."""

        VERIFY = "verify", _("Verify a phone number or e-mail address")
        RECOVER = "recover", _("Choose a new password")
        SIGN_IN = "sign_in", _("Sign in without a password")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+", null=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)
    use = models.CharField(max_length=8, choices=Use)
    # The person's epoch at the request: a later epoch voids the code.
    epoch = models.PositiveIntegerField(db_default=0)
    hash = models.BinaryField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)

    inventory = Record(
        retention=RetentionClass.CONTACT,
        moves=False,
        plain={
            "use": TECHNICAL,
            "epoch": TECHNICAL,
            "hash": "a keyed hash of random digits",
            "expires_at": TECHNICAL,
            "tries_left": TECHNICAL,
        },
        copy=NotCopied("a code lives for minutes, and is kept as a hash alone; that it was sent is with the messages"),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True, subject__isnull=True)
                | models.Q(contact__isnull=False, subject__isnull=False),
                name="code_has_contact_and_person_or_neither",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
