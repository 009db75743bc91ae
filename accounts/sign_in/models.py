"""Sessions and contact points of a person, the codes that prove them, and security events."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.sign_in import copied
from privacy.encryption.fields import BlindIndexField, SealedTextField
from privacy.register.copy_parts import NotCopied
from privacy.register.declarations import TECHNICAL, Kind, PersonalField, Record
from privacy.register.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

PHONE = PersonalField(
    key="phone",
    label=_("Phone number"),
    kinds=frozenset(Kind),
    purpose="security",
    why=_("To verify, recover and warn you."),
    without=_("You cannot register without one."),
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
    why=_("To warn you and to recover the account."),
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
    why=_("To warn you and to recover the account."),
    without=_("You cannot register without one."),
    required_for=frozenset({Kind.ENTERPRISE}),
    sensitive=True,
    retention_class=RetentionClass.CONTACT,
    max_length=254,
    position=150,
)

# Keeps the blind index of a contact point apart from those of other texts.
CONTACT_CONTEXT = "contact"


class Session(models.Model):
    """A session whose payload is sealed, and which knows whose it is, so that all of a person's end at once."""

    class Kind(models.TextChoices):
        """Who holds the secret: a browser in a cookie, or an app as its bearer token."""

        COOKIE = "cookie", _("Browser")
        TOKEN = "token", _("App")

    # A keyed hash of the secret and its kind (`session_keys`): nobody signs in with what stands here.
    session_key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)

    register = Record(
        retention=RetentionClass.SIGN_IN,
        plain={
            "kind": TECHNICAL,
            "session_data": "sealed under its person's key; without a person, under a system key",
            "expire_date": TECHNICAL,
        },
        copy=copied.SESSIONS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["cookie", "token"]), name="a_session_has_a_known_kind")
        ]

    def __str__(self) -> str:
        return self.session_key

    def get_decoded(self) -> dict[str, Any]:
        """Return the payload, or an empty one where it does not open."""
        from accounts.sign_in.session_payloads import open_payload  # it imports this model

        return open_payload(self.session_data, self.session_key, self.subject_id)


class ContactPoint(models.Model):
    """A phone number or an e-mail address of a person; used only once it is verified."""

    class Kind(models.TextChoices):
        """How a message goes there."""

        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    # Which field of the register this is: phone, email or enterprise_email.
    field = models.CharField(_("field"), max_length=20)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    value = SealedTextField(PHONE, EMAIL, ENTERPRISE_EMAIL)
    index = BlindIndexField(blind_index_of="value", context=CONTACT_CONTEXT)
    verified_at = models.DateTimeField(_("verified"), null=True)
    # When two people of staff put it here on a verified request: a code to it recovers access, and verifies it.
    reset_at = models.DateTimeField(_("set by staff"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    register = Record(
        retention=RetentionClass.CONTACT,
        plain=dict.fromkeys(("field", "kind", "verified_at", "reset_at", "created_at"), TECHNICAL),
        copy=copied.CONTACT_POINTS,
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
            # A code to such a number recovers access: it must say to which account.
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
    """A one-time code that one session asked for: 6 digits, kept as a keyed hash, few tries, used once.

    Without contact point and person, it is the code of a session that named somebody unknown: nothing matches it.
    """

    class Use(models.TextChoices):
        """What the code proves or allows."""

        VERIFY = "verify", _("Verify a contact point")
        RECOVER = "recover", _("Choose a new password")
        SIGN_IN = "sign_in", _("Sign in without a password")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+", null=True)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)
    use = models.CharField(max_length=8, choices=Use)
    # The person's epoch when it was asked for: a later one voids it.
    epoch = models.PositiveIntegerField(db_default=0)
    hash = models.BinaryField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)

    register = Record(
        retention=RetentionClass.CONTACT,
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


class KnownDevice(models.Model):
    """A browser or app in which a person signed in: it has tries of its own, and its next sign-in sends no notice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    hash = models.BinaryField(unique=True, max_length=32)
    # A family, such as "Firefox on Linux": never the browser's own text.
    device = models.CharField(_("device"), max_length=60)
    created_at = models.DateTimeField(_("first signed in"))
    last_used_at = models.DateTimeField(_("last signed in"))

    register = Record(
        retention=RetentionClass.SECURITY,
        ages_from="last_used_at",
        plain={
            "hash": "a keyed hash of a random token",
            "device": "a family of browsers and systems that millions share",
            "created_at": TECHNICAL,
            "last_used_at": TECHNICAL,
        },
        copy=copied.KNOWN_DEVICES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        indexes: ClassVar = [
            models.Index(fields=["subject", "-last_used_at"]),
            models.Index(fields=["last_used_at"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SecurityEvent(models.Model):
    """A security event of a person, for that person to look at (1.5 of the sample policy); it goes by age."""

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("A sign-in failed")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        RECOVERED = "recovered", _("Access recovered, new password")
        CONTACT_ADDED = "contact_added", _("Phone number or e-mail address added")
        CONTACT_CHANGED = "contact_changed", _("Phone number or e-mail address changed")
        USERNAME_CHANGED = "username_changed", _("Username changed")
        MFA_ADDED = "mfa_added", _("Authenticator app added")
        MFA_REMOVED = "mfa_removed", _("Authenticator app removed")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("Recovery codes made")
        PASSKEY_ADDED = "passkey_added", _("Passkey added")
        PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
        SESSION_ENDED = "session_ended", _("A session ended")
        SESSIONS_ENDED = "sessions_ended", _("Several sessions ended")
        CHANGE_UNDONE = "change_undone", _("Change undone and account locked")
        FACTORS_RESET = "factors_reset", _("Second factors removed on request")
        PHONE_RESET = "phone_reset", _("Phone number replaced on request")

    # Null in what the previous release noted for nobody; a sweep removes it.
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("time"), db_default=Now())
    # A family, such as "Firefox on Linux": never the browser's own text.
    device = models.CharField(_("device"), max_length=60)

    register = Record(
        retention=RetentionClass.SECURITY,
        ages_from="at",
        plain={"kind": TECHNICAL, "at": TECHNICAL, "device": "a family of browsers and systems that millions share"},
        copy=copied.SECURITY_EVENTS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["subject", "-at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return str(self.pk)
