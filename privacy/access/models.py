"""What staff did, never changed, chained: acts on a person's data (`AccessRecord`), lists that left the portal."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from privacy.evidence.models import COPIED_PROOF, NOT_COPIED_PROOF, ChainedRecord
from privacy.inventory.copy_parts import ANOTHER_PERSON, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass, in_a_row
from privacy.subjects.models import DataSubject

# Separates the names of several roles in `role`.
BETWEEN_ROLES = ", "


class AccessRecord(ChainedRecord):
    """One act of staff. It holds the number and the role of the member of staff; the person sees the role only."""

    class Act(models.TextChoices):
        FOUND = "found", _("Found the account in a search")
        OPENED = "opened", _("Viewed the data")
        CORRECTED = "corrected", _("Corrected data")
        COMPARED = "compared", _("Compared a number with the licence")
        CANCELLED = "cancelled", _("Cancelled the account")
        ENDED_SESSIONS = "ended_sessions", _("Signed out all devices")
        ASKED_RESET = "asked_reset", _("Proposed to reset the sign-in")
        FACTORS_RESET = "factors_reset", _("Turned off two-step verification")
        PHONE_RESET = "phone_reset", _("Replaced the phone number")
        REFUSED_RESET = "refused_reset", _("Refused to reset the sign-in")
        READ_REQUEST = "read_request", _("Read your request")
        LIFTED = "lifted", _("Lifted the restriction of your data")
        SETTLED = "settled", _("Decided between your guardians")
        ALLOWED_MOVE = "allowed_move", _("Allowed an earlier move to another country")

    class Reason(models.TextChoices):
        SEARCH = "search", _("To find the person")
        REQUEST = "request", _("At the person's request")
        SUPPORT = "support", _("To solve a problem for the person")
        SECURITY = "security", _("To keep accounts safe")
        LAW = "law", _("Required by law")

    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    staff = models.UUIDField(_("member of staff"))
    role = models.CharField(_("role"), max_length=80)
    act = models.CharField(_("action"), max_length=14, choices=Act)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    # The number of a ticket or letter. Only letters, digits and hyphens, so that a name is unlikely to fit.
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    at = models.DateTimeField(_("time"))

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            ("position", "previous_hash", "hash", "staff", "role", "act", "reason", "reference", "at"), TECHNICAL
        ),
        keeps=_("Proof of who viewed your data. It contains no name, only a number."),
        copy=CopyPart(
            CopySection.RECEIVED,
            "staff_access",
            _("What our staff did with your data"),
            CopySource.PORTAL,
            (
                CopyValue("at", _("When")),
                CopyValue("act", _("What they did")),
                CopyValue("reason", _("Why")),
                CopyValue("role", _("Role"), words="our_words"),
                CopyValue("reference", _("Reference")),
                *COPIED_PROOF,
            ),
            newest="position",
            position=1,
            left_out={**NOT_COPIED_PROOF, "staff": ANOTHER_PERSON},
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("access by staff")
        verbose_name_plural = _("accesses by staff")
        indexes: ClassVar = [models.Index(fields=["subject", "-position"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^[A-Za-z0-9-]{0,40}$"), name="a_reference_is_no_name"
            )
        ]

    def __str__(self) -> str:
        return str(self.position)

    @property
    def role_in_words(self) -> str:
        """The roles that the member of staff had, in the reader's language."""
        return roles_in_words(self.role)


class ListExport(ChainedRecord):
    """A list of the admin that a member of staff downloaded: which, how it was filtered, and how many rows it had.

    It names no person: the file has the columns of the list, whose values are masked as on the page.
    """

    staff = models.UUIDField(_("member of staff"))
    role = models.CharField(_("role"), max_length=80)
    # The label of the listed model, such as `privacy.legalhold`.
    listed = models.CharField(_("list"), max_length=80)
    # The parameters of the list's address; of a search only the kind of its text.
    filters = models.JSONField(_("filters"), default=dict)
    rows = models.PositiveBigIntegerField(_("rows"))
    at = models.DateTimeField(_("time"))

    class Meta:
        app_label = "privacy"
        verbose_name = _("download of a list")
        verbose_name_plural = _("downloads of lists")
        default_permissions = ("view",)
        permissions: ClassVar = [("export_lists", gettext_noop("Can download lists as CSV files"))]

    def __str__(self) -> str:
        return str(self.position)

    @property
    def role_in_words(self) -> str:
        """The roles that the member of staff had, in the reader's language."""
        return roles_in_words(self.role)


def roles_in_words(stored: str) -> str:
    """Return the stored names of roles in the reader's language."""
    return in_a_row(gettext(role) for role in stored.split(BETWEEN_ROLES) if role)
