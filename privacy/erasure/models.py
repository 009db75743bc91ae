"""An erasure in progress (`ErasureCase`) and its proof without a name (`ErasureReceipt`)."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from privacy.erasure import copy_parts as copied
from privacy.evidence.models import ChainedRecord
from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.policies.grounds import DeletionGround
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject
from privacy.subjects.references import new_reference

OPEN_STATES = ["cooling_off", "rows_erased", "held"]


class ErasureCase(models.Model):
    """From cancellation to erasure. The row is the queue: `due_at` says when the sweep takes it."""

    class State(models.TextChoices):
        """The state of the case; each step can be repeated after an interruption."""

        COOLING_OFF = "cooling_off", _("Cancelled, waiting to be erased")
        ROWS_ERASED = "rows_erased", _("Rows erased, keys to be destroyed")
        ERASED = "erased", _("Erased")
        HELD = "held", _("Erased, except what the law requires us to keep")
        UNDONE = "undone", _("Cancellation undone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    reference = models.CharField(_("reference"), max_length=23, unique=True, default=new_reference)
    ground = models.CharField(_("ground"), max_length=5, choices=DeletionGround, default=DeletionGround.CANCELLED)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.COOLING_OFF)
    language = models.CharField(_("language"), max_length=16, default="en")
    # The jurisdiction to which the account moved; empty for one that was cancelled.
    moved_to = models.CharField(_("moved to"), max_length=16, blank=True, default="", db_default="")
    # The person as whom it goes on in this portal; null where another site stores that jurisdiction's data.
    continued_as = models.UUIDField(_("continued as"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"))
    # When every data store was suspended: there is no access after this moment (clause 4.2 of the sample policy).
    access_ended_at = models.DateTimeField(_("access ended"), null=True)
    due_at = models.DateTimeField(_("due"))
    deadline_at = models.DateTimeField(_("to be erased by"))
    started_at = models.DateTimeField(_("started"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    # The step and the kind of error that stopped the last attempt: never a value.
    last_failure = models.CharField(_("last failure"), max_length=120, blank=True)
    counts = models.JSONField(_("what was erased"), default=dict)
    # What legal holds keep since the last pass; see `privacy.holds`.
    held = models.JSONField(_("what a legal hold keeps"), default=list)

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("reference", "ground", "state", "language", "cancelled_at", "due_at", "deadline_at", "started_at"),
                *("access_ended_at", "erased_at", "attempts", "next_attempt_at", "last_failure", "counts", "held"),
                *("moved_to", "continued_as"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof that we erased your data in time. It contains no name, only a reference."),
        copy=copied.CANCELLATIONS,
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("account cancellation")
        verbose_name_plural = _("account cancellations")
        permissions: ClassVar = [("retry_erasurecase", gettext_noop("Can retry a failing erasure at once"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(state__in=OPEN_STATES),
                name="one_open_erasure_per_subject",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=OPEN_STATES),
                name="erasures_to_do",
            ),
            models.Index(fields=["cancelled_at"], name="erasures_by_time"),
            models.Index(fields=["deadline_at"], name="erasures_by_deadline"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def may_be_undone(self) -> bool:
        """Whether the cooling-off period still runs: only then can the owner undo the cancellation."""
        return self.state == self.State.COOLING_OFF and self.due_at > timezone.now()

    @property
    def state_in_words(self) -> str:
        """The state of the case, in words for the person."""
        if self.may_be_undone:
            return gettext("Cancelled: you can still keep the account")
        if self.state in (self.State.COOLING_OFF, self.State.ROWS_ERASED):
            return gettext("Being erased")
        if self.state == self.State.HELD:
            return gettext("Erased, except what the law requires us to keep")
        return str(self.get_state_display())

    @property
    def is_open(self) -> bool:
        """Whether the erasure is not finished."""
        return self.state in OPEN_STATES


class ErasureReceipt(ChainedRecord):
    """What was erased and when, what is kept and why. Append-only and chained; it holds no name."""

    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    # A case has one receipt, and one more each time a legal hold ends.
    case = models.ForeignKey(ErasureCase, models.PROTECT, related_name="+", verbose_name=_("account cancellation"))
    reference = models.CharField(_("reference"), max_length=23)
    cancelled_at = models.DateTimeField(_("cancelled"))
    due_at = models.DateTimeField(_("due"))
    erased_at = models.DateTimeField(_("erased"))
    # How many items each data store erased, and how many keys were destroyed.
    counts = models.JSONField(_("what was erased"))
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("policy version")
    )
    # What is kept: a list of {"holder", "count"}; the data inventory says why.
    kept = models.JSONField(_("what is kept"))
    # What a legal hold keeps: a list of {"hold", "exception", "legal_basis", "classes", "until"}.
    held = models.JSONField(_("what a legal hold keeps"), default=list)

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("position", "previous_hash", "hash", "reference", "cancelled_at", "due_at"),
                *("erased_at", "counts", "kept", "held"),
            ),
            TECHNICAL,
        ),
        keeps=_("Proof that we erased your data in time. It contains no name, only a reference."),
        copy=NotCopied("made once the account is erased: no one can ask for a copy then; its reference shows it"),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("erasure receipt")
        verbose_name_plural = _("erasure receipts")
        indexes: ClassVar = [models.Index(fields=["erased_at"], name="receipts_by_time")]

    def __str__(self) -> str:
        return self.reference


class EarlierReceipt(ChainedRecord):
    """A receipt that was issued and then lost by a restore, from the journal: its hash confirms a printed copy.

    It has the number of that receipt, so that it is noted once. The journal does not hold what was erased and kept.
    """

    # Its case, and through it its person. It is no foreign key, so that no erasure has to look for one.
    reference = models.CharField(max_length=23, db_index=True)
    # Its position and hash in the chain of receipts at that time.
    entry = models.BigIntegerField()
    entry_hash = models.BinaryField()
    erased_at = models.DateTimeField()
    # Null also if the restored database does not know the version.
    version = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        app_label = "privacy"

    def __str__(self) -> str:
        return f"{self.entry} {self.entry_fingerprint}"

    @property
    def entry_fingerprint(self) -> str:
        """The start of the lost receipt's hash, as it was printed."""
        return bytes(self.entry_hash).hex()[:16]
