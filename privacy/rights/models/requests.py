"""`RightsRequest` and what belongs to it: items and messages. The extension of its time is in `extensions.py`."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.encryption.fields import SealedTextField
from privacy.holds.legal_basis import LONGEST
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.rights import copy_parts as copied
from privacy.rights.choices import (
    OUTCOMES,
    WITH_REASONS,
    About,
    Channel,
    Contact,
    ItemState,
    PortalAnswer,
    Proof,
    Right,
)
from privacy.subjects.models import DataSubject
from privacy.subjects.references import new_reference

# Each request has a key of its own: it may be of a person whom we do not know, or not yet.
RETENTION_CLASS = "request"
SEALED_APART = "sealed under the request's own key"
CLOSING = "the time from which the age of the request counts"


class RightsRequest(models.Model):
    """A request of a person. `due_at` is computed once, at receipt; see `clock.py`.

    `subject` is the person whose account it is about: known at once to a signed-in person's request, else once they
    proved who they are; null if they have no account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=23, unique=True, default=new_reference)
    subject = models.ForeignKey(DataSubject, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    # A keyed hash of the secret in the person's link.
    token_hash = models.BinaryField(unique=True)
    country = models.CharField(_("country or region"), max_length=2)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=16)
    language = models.CharField(_("language"), max_length=16)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    about = models.CharField(_("whose data"), max_length=5, choices=About, default=About.SELF, db_default=About.SELF)
    # When the person attested that they may act for somebody else.
    attested_at = models.DateTimeField(_("attested"), null=True)
    # Null for what came by letter from someone without an e-mail address or phone.
    contact = models.CharField(_("answered by"), max_length=5, choices=Contact)
    address = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    filed_by = models.UUIDField(_("filed by"), null=True)
    filed_at = models.DateTimeField(_("filed"), db_default=Now())
    received_at = models.DateTimeField(_("received"))
    rule = models.CharField(_("rule of the due time"), max_length=40)
    clock = SealedTextField(owner="id", retention_class=RETENTION_CLASS)
    first_due_at = models.DateTimeField(_("first due"))
    # The first due instant, or that of an extension whose notice was handed over.
    due_at = models.DateTimeField(_("due"))
    proof = models.CharField(_("proof of identity"), max_length=9, choices=Proof, blank=True)
    proven_at = models.DateTimeField(_("identity proven"), null=True)
    # Since then the page takes a picture of a document.
    document_asked_at = models.DateTimeField(_("picture asked for"), null=True)
    # How many wrong codes were typed for it.
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0, db_default=0)
    assigned_to = models.UUIDField(_("assigned to"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    inventory = Record(
        retention=RetentionClass.REQUESTS,
        moves=True,
        ages_from="closed_at",
        plain={
            "token_hash": "a keyed hash of a random secret; it goes with the row",
            "address": SEALED_APART,
            "clock": SEALED_APART,
        }
        | dict.fromkeys(
            (
                *("reference", "country", "jurisdiction", "language", "channel", "contact", "filed_by", "filed_at"),
                *("about", "attested_at", "received_at", "rule", "first_due_at", "due_at", "proof", "proven_at"),
                *("document_asked_at", "wrong_codes", "assigned_to", "closed_at"),
            ),
            TECHNICAL,
        ),
        copy=copied.REQUESTS,
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("file_request", gettext_noop("Can file a request that came by letter, e-mail or phone")),
            ("work_request", gettext_noop("Can take, decide and answer requests")),
            ("prove_identity", gettext_noop("Can confirm by a document whose account a request is about")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proven_at__isnull=True, proof="") | Q(proven_at__isnull=False, proof__in=Proof.values),
                name="a_proven_request_says_how",
            ),
            models.CheckConstraint(
                condition=Q(about=About.OTHER, attested_at__isnull=False)
                | Q(about__in=[About.SELF, About.NAMED], attested_at__isnull=True),
                name="who_acts_for_another_attests_it",
            ),
            models.CheckConstraint(
                condition=Q(contact="post") | Q(address__isnull=False), name="a_request_has_an_address"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="requests_by_due_time"),
            models.Index(fields=["closed_at"], name="requests_by_age"),
        ]

    def __str__(self) -> str:
        return self.reference


class RequestItem(models.Model):
    """One right of a request, with its own state and outcome. `moving.py` changes the state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="items", verbose_name=_("request"))
    right = models.CharField(_("right"), max_length=11, choices=Right)
    ground = models.CharField(_("ground"), max_length=5, choices=DeletionGround, blank=True)
    text = SealedTextField(owner="request_id", retention_class=RETENTION_CLASS, null=True)
    state = models.CharField(_("state"), max_length=11, choices=ItemState, default=ItemState.RECEIVED)
    # The row that carries it out: a copy, a cancellation. Kept as its number, because it may be deleted earlier.
    carried_out_by = models.UUIDField(_("carried out by"), null=True)
    # A part that is refused names all of these.
    exception = models.CharField(_("exception"), max_length=6, choices=RetentionGround, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=LONGEST, blank=True)
    kept = models.JSONField(_("what is kept"), default=list)
    kept_until = models.DateTimeField(_("kept until"), null=True)
    regulator = models.CharField(_("regulator"), max_length=200, blank=True)
    court = models.CharField(_("court"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    # Null if the portal decided by itself.
    decided_by = models.UUIDField(_("decided by"), null=True)
    decided_role = models.CharField(_("role"), max_length=80, blank=True)
    # What the portal itself answered; what staff answer is a message.
    answer = models.CharField(_("answer"), max_length=10, choices=PortalAnswer, blank=True)
    closed_at = models.DateTimeField(null=True)

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="closed_at",
        plain={"text": SEALED_APART, "closed_at": CLOSING}
        | dict.fromkeys(
            (
                *("right", "ground", "state", "carried_out_by", "exception", "legal_basis", "kept", "kept_until"),
                *("regulator", "court", "decided_at", "decided_by", "decided_role", "answer"),
            ),
            TECHNICAL,
        ),
        copy=copied.ITEMS,
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("item of a request")
        verbose_name_plural = _("items of requests")
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["closed_at"], name="request_items_by_age"),
            models.Index(
                fields=["state"],
                condition=Q(state__in=[ItemState.PROVEN, ItemState.COOLING_OFF]),
                name="items_to_carry_out",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "right"], name="one_item_for_each_right"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OUTCOMES), decided_at__isnull=False)
                | (~Q(state__in=sorted(OUTCOMES)) & Q(decided_at__isnull=True)),
                name="an_outcome_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WITH_REASONS))
                | (
                    Q(exception__in=RetentionGround.values, kept_until__isnull=False)
                    & ~Q(legal_basis="")
                    & ~Q(kept=[])
                    & ~Q(regulator="")
                    & ~Q(court="")
                ),
                name="a_refusal_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(right="deletion", ground__in=DeletionGround.values) | (~Q(right="deletion") & Q(ground="")),
                name="a_deletion_names_its_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.pk}"

    @property
    def is_decided(self) -> bool:
        """Whether it has an outcome."""
        return self.state in OUTCOMES


class RequestMessage(models.Model):
    """Words about a request: what staff answer, or a note that only staff read."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        NOTE = "note", _("Note for staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="messages", verbose_name=_("request"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    language = models.CharField(_("language"), max_length=16)
    text = SealedTextField(owner="request_id", retention_class=RETENTION_CLASS)
    written_by = models.UUIDField(_("written by"))
    role = models.CharField(_("role"), max_length=80)
    at = models.DateTimeField(_("time"))
    # The e-mail or SMS that says that there is an answer; null for a letter, and for a note.
    notice = models.UUIDField(_("message"), null=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    failed_at = models.DateTimeField(_("failed"), null=True)
    closed_at = models.DateTimeField(null=True)

    inventory = Record(
        subject="request__subject",
        retention=RetentionClass.REQUESTS,
        ages_from="closed_at",
        plain=dict.fromkeys(
            ("kind", "language", "written_by", "role", "at", "notice", "handed_over_at", "failed_at"), TECHNICAL
        )
        | {"text": SEALED_APART, "closed_at": CLOSING},
        copy=copied.MESSAGES,
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("message about a request")
        verbose_name_plural = _("messages about requests")
        default_permissions = ()
        ordering: ClassVar = ["at"]
        indexes: ClassVar = [models.Index(fields=["closed_at"], name="request_messages_by_age")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_delivered(self) -> bool:
        """Whether it was handed over, and no gateway reported since that it did not arrive."""
        if self.handed_over_at is None:
            return False
        return self.failed_at is None or self.failed_at < self.handed_over_at

    @property
    def is_to_be_posted(self) -> bool:
        """Whether staff can hand it over by post: it is a letter, or its message did not reach the person."""
        return not self.is_delivered and (self.notice is None or self.failed_at is not None)
