"""`JournalEntry`: a cancellation, its undoing, an erasure, a hold, a restriction, or a change of a membership.

`JournalCheckpoint`: how far the keys followed. `JournalStoreIdentity`: which store holds the journal.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.evidence.models import COPIED_PROOF, NOT_COPIED_PROOF, ChainedRecord
from privacy.inventory.copy_parts import ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class JournalEntry(ChainedRecord):
    """One event of an erasure, a hold, a restriction or a membership, with all that a replay needs after a restore."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Cancellation undone")
        ERASED = "erased", _("Erased")
        HOLD_APPROVED = "hold_approved", _("Legal hold approved")
        HOLD_RELEASED = "hold_released", _("Legal hold released")
        RESTRICTED = "restricted", _("Processing restricted")
        UNRESTRICTED = "unrestricted", _("Restriction lifted")
        # A higher package notes both, and reads them after a restore.
        MEMBER_ENDED = "member_ended", _("Membership ended")
        MEMBER_ROLE = "member_role", _("Role changed")

    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    # The erasure case, the legal hold, the restriction or the membership.
    item = models.UUIDField(_("item"))
    reference = models.CharField(_("reference"), max_length=23, blank=True)
    # The clause: the ground of an erasure, or the exception of a hold.
    clause = models.CharField(_("clause"), max_length=6, blank=True)
    # The retention classes that were erased, or that a hold keeps.
    classes = models.JSONField(_("retention classes"), default=list)
    due_at = models.DateTimeField(_("due"), null=True)
    deadline_at = models.DateTimeField(_("to be erased by"), null=True)
    at = models.DateTimeField(_("time"))
    # What else a replay needs: the jurisdiction, the language, who decided on a hold, its legal basis (sealed), a role.
    details = models.JSONField(_("details"), default=dict)

    hashed_unless_empty: ClassVar[frozenset[str]] = frozenset({"details"})

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            (
                *("position", "previous_hash", "hash", "kind", "item", "reference", "clause", "classes"),
                *("due_at", "deadline_at", "at", "details"),
            ),
            TECHNICAL,
        ),
        keeps=_(
            "This list makes sure that erased data does not come back from a backup. It contains no name, "
            "only a number."
        ),
        # For programs: the requests and holds themselves are shown with their own labels.
        copy=CopyPart(
            CopySection.REQUESTS,
            "erasure_journal",
            _("Entries in the journal of erasures"),
            CopySource.PORTAL,
            (
                CopyValue("at", _("When"), for_people=False),
                CopyValue("event", _("Event"), column="kind", for_people=False),
                CopyValue("reference", _("Reference"), for_people=False),
                CopyValue("clause", _("Policy clause"), for_people=False),
                CopyValue("data", _("Data concerned"), column="classes", words="classes", for_people=False),
                CopyValue("due_at", _("Erasure begins"), for_people=False),
                CopyValue("erased_by", _("Will be erased by"), column="deadline_at", for_people=False),
                *COPIED_PROOF,
            ),
            newest="position",
            position=2,
            left_out={
                **NOT_COPIED_PROOF,
                "item": ROW_NUMBER,
                "details": "what a restore needs: a hold's basis, sealed, and who decided; the hold is in the copy",
            },
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("entry of the erasure journal")
        verbose_name_plural = _("entries of the erasure journal")
        indexes: ClassVar = [models.Index(fields=["subject", "kind"])]

    def __str__(self) -> str:
        return str(self.position)


class JournalCheckpoint(models.Model):
    """The end of a journal file as the keys database knows it. It is stored there, so it is restored with the keys."""

    chain = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField()
    # The row's own hash, and the signature of its line.
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    class Meta:
        app_label = "privacy"
        db_table = "privacy_journalhead"

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"


class JournalStoreIdentity(models.Model):
    """The random number that is in the journal's store, too: hosts with one keys database share one store."""

    # One row, whichever host writes it first.
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    identity = models.UUIDField()

    class Meta:
        app_label = "privacy"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_journal_store")]

    def __str__(self) -> str:
        return str(self.identity)
