"""`Membership`: a person's role in an enterprise; `Invitation`: a link by which somebody joins one, once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.models import CONTACT_CONTEXT
from accounts.enterprises.copy_parts import INVITATIONS, MEMBERSHIPS
from accounts.enterprises.roles import Role
from privacy.encryption.fields import BlindIndexField, SealedTextField
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class Membership(models.Model):
    """One person in one enterprise, from the day they joined until `ended_at`; a person is in one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("enterprise"))
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=13, choices=Role)
    # How owners recognise a member: the masked address of the invitation. Null once the membership has ended.
    invited_at_address = SealedTextField(retention_class=RetentionClass.ACCOUNT, null=True)
    since = models.DateTimeField(_("member since"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The ownership is offered to this member, who agrees or not; `offered_by` is the membership that hands it over.
    offered_at = models.DateTimeField(_("ownership offered"), null=True)
    offered_by = models.UUIDField(_("ownership offered by"), null=True)

    inventory = Record(
        retention=RetentionClass.SECURITY,
        ages_from="ended_at",
        plain=dict.fromkeys(("role", "since", "ended_at", "offered_at", "offered_by"), TECHNICAL)
        | {"invited_at_address": "sealed; a masked address"},
        copy=MEMBERSHIPS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("membership of an enterprise")
        verbose_name_plural = _("memberships of enterprises")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at__isnull=True), name="one_enterprise_per_member"
            ),
            models.CheckConstraint(condition=~Q(enterprise=F("subject")), name="no_enterprise_is_its_own_member"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="a_member_has_a_known_role"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["enterprise"], condition=Q(ended_at__isnull=True), name="members_of_an_enterprise"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="memberships_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Invitation(models.Model):
    """A link that was sent to a typed address; only the keyed hash of its secret is stored.

    It works once, until `expires_at`. A closed one has no address any more; its row is deleted a week after its end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("enterprise"))
    role = models.CharField(_("role"), max_length=13, choices=Role)
    address = SealedTextField(owner="enterprise_id", retention_class=RetentionClass.ACCOUNT, null=True)
    # An erasure of the invited person finds it by this, without a key. Null once the invitation is closed.
    address_index = BlindIndexField(blind_index_of="address", context=CONTACT_CONTEXT, null=True)
    token_hash = models.BinaryField(unique=True, max_length=32)
    # The membership of the inviter; null for the enterprise's own account.
    invited_by = models.UUIDField(_("invited by"), null=True)
    invited_at = models.DateTimeField(_("invited"), db_default=Now())
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used"), null=True)
    declined_at = models.DateTimeField(_("declined"), null=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    inventory = Record(
        subject="enterprise",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(
            ("role", "invited_by", "invited_at", "expires_at", "used_at", "declined_at", "revoked_at"), TECHNICAL
        )
        | {
            "address": "sealed; an address that the enterprise typed",
            "token_hash": "a keyed hash of random letters",
        },
        copy=INVITATIONS,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("invitation to an enterprise")
        verbose_name_plural = _("invitations to enterprises")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="an_invitation_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, declined_at__isnull=True, revoked_at__isnull=True)
                | Q(address__isnull=True, address_index__isnull=True),
                name="a_closed_invitation_has_no_address",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "-invited_at"], name="invitations_of_an_enterprise"),
            models.Index(fields=["expires_at"], name="invitations_by_end"),
            models.Index(fields=["address_index"], name="invitations_by_address"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
