"""`ConsentRecord`: which text a person agreed to, when and how. Append-only and chained; it holds no name."""

from typing import ClassVar

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from privacy.evidence.models import COPIED_PROOF, NOT_COPIED_PROOF, ChainedRecord
from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.purposes import labels_of_purposes
from privacy.inventory.retention_classes import RetentionClass, in_a_row
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject


class ConsentRecord(ChainedRecord):
    """One act of consent (GDPR art. 7, PIPL art. 14): tied to the digest and language of the text that was shown."""

    class Act(models.TextChoices):
        REGISTERED = "registered", _("Agreed at registration")
        # The first act under another jurisdiction; what was agreed to before stays with the former one.
        MOVED = "moved", _("Agreed when moving to another country")
        ACCEPTED = "accepted", _("Accepted a changed policy")
        GRANTED = "granted", _("Turned on an optional use")
        WITHDREW = "withdrew", _("Turned off an optional use")
        # Not an act of the person: a restored backup lost one. Until their next act no optional purpose is on.
        ASKED_AGAIN = "asked_anew", _("To be asked again: an answer was lost when a backup was restored")

    class Channel(models.TextChoices):
        WEB = "web", _("Web page")
        REST = "rest", _("App")
        OPERATOR = "ops", _("Operator")

    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy version"))
    digest = models.CharField(_("digest of the text"), max_length=64)
    language = models.CharField(_("language"), max_length=16)
    # The optional purposes that are turned on after this act.
    purposes = models.JSONField(_("optional purposes"), default=list)
    act = models.CharField(_("action"), max_length=10, choices=Act)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel)
    at = models.DateTimeField(_("time"))

    inventory = Record(
        retention=RetentionClass.EVIDENCE,
        plain=dict.fromkeys(
            ("position", "previous_hash", "hash", "digest", "language", "purposes", "act", "channel", "at"), TECHNICAL
        ),
        keeps=_("The law requires us to prove your consent. The record contains no name, only a number."),
        copy=CopyPart(
            CopySection.CONSENT,
            "consents",
            _("Your answers to our privacy policy"),
            CopySource.PERSON,
            (
                CopyValue("at", _("When")),
                CopyValue("act", _("What you did")),
                CopyValue("turned_on", _("Turned on"), column="granted", words="purposes"),
                CopyValue("turned_off", _("Turned off"), column="withdrawn", words="purposes"),
                CopyValue("policy_version", _("Policy version"), column="version.label"),
                CopyValue("policy_jurisdiction", _("Region"), column="version.jurisdiction", words="jurisdiction"),
                CopyValue("language", _("Language"), words="language"),
                CopyValue("channel", _("How")),
                CopyValue("purposes_on", _("Optional uses on from then"), column="purposes", words="purposes"),
                CopyValue("policy_sha256", _("SHA-256 of the text"), column="digest", for_people=False),
                *COPIED_PROOF,
            ),
            newest="position",
            left_out=NOT_COPIED_PROOF,
        ),
    )

    class Meta:
        app_label = "privacy"
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        indexes: ClassVar = [models.Index(fields=["subject", "-position"])]

    def __str__(self) -> str:
        return str(self.position)

    @cached_property
    def purposes_before(self) -> list[str] | None:
        """The optional purposes that were on before this act, None where it was the first."""
        if "read_before" in self.__dict__:  # set by `queries.with_purposes_before`
            before: list[str] | None = self.__dict__["read_before"]
            return before
        earlier = ConsentRecord.objects.filter(subject_id=self.subject_id, position__lt=self.position)
        return earlier.order_by("-position").values_list("purposes", flat=True).first()

    @property
    def granted(self) -> list[str]:
        """The optional purposes that this act turned on."""
        return sorted(set(self.purposes) - set(self.purposes_before or []))

    @property
    def withdrawn(self) -> list[str]:
        """The optional purposes that this act turned off."""
        return sorted(set(self.purposes_before or []) - set(self.purposes))

    @property
    def granted_in_words(self) -> str:
        """The labels of what this act turned on."""
        return in_a_row(labels_of_purposes(self.granted))

    @property
    def withdrawn_in_words(self) -> str:
        """The labels of what this act turned off."""
        return in_a_row(labels_of_purposes(self.withdrawn))


class ConsentTally(models.Model):
    """By how many people the number of latest consents of a version changed; the sum of its rows is that number.

    Rows are added and never changed, so that no registration waits for another. No row refers to a person.
    """

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    change = models.IntegerField()

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.version_id} {self.change:+}"
