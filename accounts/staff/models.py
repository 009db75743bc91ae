"""Acts that need two members of staff, on staff accounts and on a person's sign-in; vouches for staff accounts."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.models import PHONE
from accounts.users.models import User
from privacy.encryption.fields import SealedTextField
from privacy.inventory.copy_parts import ANOTHER_PERSON, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class StaffProposal(models.Model):
    """A change of a staff account: proposed by one administrator, made once another confirms it."""

    class Act(models.TextChoices):
        """What is to be done."""

        DEACTIVATE = "deactivate", _("Deactivate the account")
        REMOVE_ROLE = "remove_role", _("Remove a role")
        END_SESSIONS = "end_sessions", _("Sign out everywhere")
        END_FACTORS = "end_factors", _("Turn off two-step verification")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    act = models.CharField(_("action"), max_length=12, choices=Act)
    # The name of a group, or `Administrator`; empty for the other acts.
    role = models.CharField(_("role"), max_length=150, blank=True)
    proposed_by = models.UUIDField(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now())
    confirmed_by = models.UUIDField(_("confirmed by"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    inventory = Record(
        subject="member__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("act", "role", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at"), TECHNICAL),
        copy=CopyPart(
            CopySection.STAFF,
            "staff_account_changes",
            _("Changes of your staff account"),
            CopySource.STAFF,
            (
                CopyValue("proposed_at", _("Proposed")),
                CopyValue("act", _("What")),
                CopyValue("role", _("Role"), words="our_words"),
                CopyValue("confirmed_at", _("Confirmed on")),
            ),
            newest="proposed_at",
            left_out=dict.fromkeys(("proposed_by", "confirmed_by"), ANOTHER_PERSON),
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="two_people_change_staff",
            ),
            models.UniqueConstraint(
                fields=["member", "act", "role"], condition=Q(confirmed_at__isnull=True), name="one_open_proposal_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class SignInReset(models.Model):
    """A reset of a lost second factor or phone: proposed on a verified request, made once another confirms it."""

    class Act(models.TextChoices):
        """What is to be done."""

        FACTORS = "factors", _("Turn off two-step verification")
        PHONE = "phone", _("Replace the phone number")

    class Proof(models.TextChoices):
        """How the identity of the requester was verified: no more than is needed (GDPR art. 12(6))."""

        CONTACT = "contact", _("By another contact point of the account")
        DOCUMENT = "document", _("By an identity document, seen and not kept")
        ENTERPRISE = "enterprise", _("By a letter from the enterprise")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    act = models.CharField(_("action"), max_length=7, choices=Act)
    proof = models.CharField(_("proof of identity"), max_length=10, choices=Proof)
    # The number of a ticket or letter, as in an `AccessRecord`.
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    # Deleted once it is decided.
    new_phone = SealedTextField(PHONE, retention_class=RetentionClass.ACCOUNT, null=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    proposed_by = models.UUIDField(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.UUIDField(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        moves=False,
        plain=dict.fromkeys(
            ("act", "proof", "reference", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"), TECHNICAL
        ),
        copy=CopyPart(
            CopySection.REQUESTS,
            "sign_in_resets",
            _("Lost two-step verifications and phones"),
            CopySource.STAFF,
            (
                CopyValue("proposed_at", _("Requested on")),
                CopyValue("act", _("What")),
                CopyValue("new_phone", _("New phone number")),
                CopyValue("proof", _("Proof of identity")),
                CopyValue("reference", _("Reference")),
                CopyValue("state", _("State")),
                CopyValue("decided_at", _("Decided on")),
            ),
            newest="proposed_at",
            left_out=dict.fromkeys(("proposed_by", "decided_by"), ANOTHER_PERSON),
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("reset of the sign-in")
        verbose_name_plural = _("resets of the sign-in")
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="two_people_reset_a_sign_in",
            ),
            models.UniqueConstraint(
                fields=["subject", "act"], condition=Q(state="proposed"), name="one_open_reset_of_each_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class StaffVouch(models.Model):
    """An administrator vouched that this account belongs to a person without another one."""

    member = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    # The subject id of an administrator; null for an operator at the command line.
    vouched_by = models.UUIDField(_("vouched by"), null=True)
    at = models.DateTimeField(_("time"), db_default=Now())

    inventory = Record(
        subject="member__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("vouched_by", "at"), TECHNICAL),
        copy=CopyPart(
            CopySection.STAFF,
            "staff_vouches",
            _("Confirmation of your staff account"),
            CopySource.STAFF,
            (CopyValue("at", _("Confirmed on")),),
            newest="at",
            left_out={"vouched_by": ANOTHER_PERSON},
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("vouch for a staff account")
        verbose_name_plural = _("vouches for staff accounts")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
