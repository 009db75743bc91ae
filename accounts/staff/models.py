"""Acts on staff accounts that take two administrators, and who vouched for whose account."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from privacy.register.copy_parts import ANOTHER_PERSON, CopyPart, CopySection, CopySource, CopyValue
from privacy.register.declarations import TECHNICAL, Record
from privacy.register.retention_classes import RetentionClass


class StaffProposal(models.Model):
    """Made by one administrator, carried out once another confirms it."""

    class Act(models.TextChoices):
        """What is to be done."""

        DEACTIVATE = "deactivate", _("Deactivate the account")
        REMOVE_ROLE = "remove_role", _("Remove a role")
        END_SESSIONS = "end_sessions", _("End every session")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    act = models.CharField(_("act"), max_length=12, choices=Act)
    # The name of a group, or `Administrator`; empty for the other acts.
    role = models.CharField(_("role"), max_length=150, blank=True)
    proposed_by = models.UUIDField(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now())
    confirmed_by = models.UUIDField(_("confirmed by"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    register = Record(
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


class StaffVouch(models.Model):
    """Somebody vouched that this account belongs to a person who has no other one."""

    member = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    # The number of an administrator's account; null for the administrator of the machine.
    vouched_by = models.UUIDField(_("vouched by"), null=True)
    at = models.DateTimeField(_("time"), db_default=Now())

    register = Record(
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
