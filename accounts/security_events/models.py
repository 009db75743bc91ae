"""Security events of a person, and the changes that they can undo."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.models import EMAIL, ENTERPRISE_EMAIL, PHONE
from accounts.security_events.copy_parts import SECURITY_EVENTS, SIGN_IN_CHANGES
from accounts.users.models import USERNAME
from privacy.encryption.fields import SealedTextField
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class SecurityEvent(models.Model):
    """A security event of a person, shown to that person (1.5 of the sample policy); deleted by age."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Failed sign-in")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        RECOVERED = "recovered", _("Account recovered, password replaced")
        CONTACT_ADDED = "contact_added", _("Phone number or e-mail address added")
        CONTACT_CHANGED = "contact_changed", _("Phone number or e-mail address changed")
        USERNAME_CHANGED = "username_changed", _("Username changed")
        MFA_ADDED = "mfa_added", _("Authenticator app added")
        MFA_REMOVED = "mfa_removed", _("Authenticator app removed")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes")
        PASSKEY_ADDED = "passkey_added", _("Passkey added")
        PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
        SESSION_ENDED = "session_ended", _("Signed out a device")
        SESSIONS_ENDED = "sessions_ended", _("Signed out several devices")
        CHANGE_UNDONE = "change_undone", _("Change undone and account locked")
        FACTORS_RESET = "factors_reset", _("Two-step verification removed on request")
        PHONE_RESET = "phone_reset", _("Phone number replaced on request")
        # Of a member, and of the enterprise that they are a member of.
        ENTERPRISE_JOINED = "enterprise_joined", _("Joined an enterprise")
        ENTERPRISE_LEFT = "enterprise_left", _("Membership of an enterprise ended")
        ENTERPRISE_ROLE = "enterprise_role", _("Role in an enterprise changed")
        MEMBER_INVITED = "member_invited", _("Someone was invited to the enterprise")
        MEMBER_JOINED = "member_joined", _("A member joined the enterprise")
        MEMBER_LEFT = "member_left", _("A member left the enterprise or was removed")
        MEMBER_ROLE = "member_role", _("Role of a member changed")

    # Null in rows of an earlier release without a person; a sweep deletes them.
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("time"), db_default=Now())
    # A family, such as "Firefox on Linux": never the browser's own text.
    device = models.CharField(_("device"), max_length=60)

    inventory = Record(
        retention=RetentionClass.SECURITY,
        ages_from="at",
        plain={"kind": TECHNICAL, "at": TECHNICAL, "device": "a family of browsers and systems that millions share"},
        copy=SECURITY_EVENTS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["subject", "-at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return str(self.pk)


_CLASS = RetentionClass.SIGN_IN


class SecurityChange(models.Model):
    """A change, the replaced value, and the hash of the secret in the link that undoes it until `undo_until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=SecurityEvent.Kind)
    # The database's clock at the change, not at the start of the transaction: undoing needs the order of changes.
    at = models.DateTimeField(_("time"))
    device = models.CharField(_("device"), max_length=60)
    undo_until = models.DateTimeField(_("can be undone until"))
    undone_at = models.DateTimeField(_("undone"), null=True)
    hash = models.BinaryField(unique=True)
    # The id of the added contact point or factor; no foreign key, since either may be deleted.
    field = models.CharField(_("field"), max_length=20, blank=True)
    new_contact = models.UUIDField(_("new contact point"), null=True)
    new_factor = models.BigIntegerField(_("new two-step verification method"), null=True)
    # The replaced value.
    former_contact = SealedTextField(PHONE, EMAIL, ENTERPRISE_EMAIL, retention_class=_CLASS, null=True)
    former_username = SealedTextField(USERNAME, retention_class=_CLASS, null=True)
    former_factor = SealedTextField(retention_class=_CLASS, null=True)

    inventory = Record(
        retention=_CLASS,
        moves=True,
        plain={
            "hash": "a keyed hash of a random secret",
            "device": "a family of browsers and systems that millions share",
            "former_factor": "an app or a passkey as it stood, sealed: never shown, and in no copy",
            **dict.fromkeys(("kind", "at", "undo_until", "undone_at", "field", "new_contact", "new_factor"), TECHNICAL),
        },
        copy=SIGN_IN_CHANGES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("sign-in change")
        verbose_name_plural = _("sign-in changes")
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="changes_of_a_person"),
            models.Index(fields=["undo_until"], name="changes_by_their_end"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def adds_access(self) -> bool:
        """Whether the change added a means to sign in or recover; if not, undoing it only ends sessions."""
        return bool(self.field or self.new_factor) or self.kind == SecurityEvent.Kind.RECOVERY_CODES_MADE
