"""`PolicyVersion` and its `Clause`s: a published text never changes."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.policies.languages import language_name
from privacy.policies.refusals import PolicyRefused


class PublishedVersionFinal(PolicyRefused):
    """A published version and its clauses are never changed or deleted; publish a new version instead."""


class PolicyVersion(models.Model):
    """One text of the policy: a jurisdiction, a language, the operator's label, and exactly what is shown.

    `digest` is the SHA-256 of `html` in UTF-8: people agree to exactly these bytes. A draft has no `published_at`; a
    published version is in force from `in_force_from` until a later one of its jurisdiction and language is.
    """

    class MediaType(models.TextChoices):
        """The format of the operator's document."""

        HTML = "html", _("HTML")
        MARKDOWN = "markdown", _("Markdown")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=16)
    label = models.CharField(_("version"), max_length=32)
    language = models.CharField(_("language"), max_length=16)
    variant = models.PositiveSmallIntegerField(_("variant"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    original = models.BinaryField()
    original_sha256 = models.CharField(_("digest of the file"), max_length=64)
    media_type = models.CharField(_("kind of file"), max_length=8, choices=MediaType)
    file_name = models.CharField(_("file"), max_length=200)
    html = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    stated_updated_on = models.DateField(_("updated, as stated in the text"), null=True, blank=True)
    stated_effective_on = models.DateField(_("effective, as stated in the text"), null=True, blank=True)
    material = models.BooleanField(_("material"), null=True, blank=True)
    effective_at = models.DateTimeField(_("effective"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    in_force_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    created_at = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        app_label = "privacy"
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["jurisdiction", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "language", "label"], name="policy_label_once"),
            models.UniqueConstraint(
                fields=["jurisdiction", "language", "in_force_from"],
                condition=Q(published_at__isnull=False),
                name="policy_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(
                    published_at__isnull=True,
                    in_force_from__isnull=True,
                )
                | Q(
                    published_at__isnull=False,
                    material__isnull=False,
                    effective_at__isnull=False,
                    in_force_from__gte=F("published_at"),
                )
                & Q(in_force_from__gte=F("effective_at")),
                name="policy_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.label} ({self.language})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft, or publish it; raise `PublishedVersionFinal` if it is published already."""
        self.refuse_if_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft; raise `PublishedVersionFinal` if it is published."""
        self.refuse_if_published()
        return super().delete(*args, **kwargs)

    @property
    def is_published(self) -> bool:
        """Whether the text is final."""
        return self.published_at is not None

    @property
    def has_come_into_force(self) -> bool:
        """Whether the version has come into force."""
        return self.in_force_from is not None and self.in_force_from <= timezone.now()

    @property
    def contents(self) -> models.QuerySet["Clause"]:
        """The clauses that begin a section, for the table of contents."""
        return self.clauses.exclude(heading="")

    @property
    def is_proposed(self) -> bool:
        """Whether it is a draft that waits for a second person to publish it."""
        return not self.is_published and PublicationProposal.objects.filter(version=self).exists()

    @property
    def has_confirmed_citations(self) -> bool:
        """Whether its citations were confirmed."""
        return CitationCheck.objects.filter(version=self).exists()

    @property
    def language_name(self) -> str:
        """The name of the text's language, in that language."""
        return language_name(self.language)

    def refuse_if_published(self) -> None:
        """Raise `PublishedVersionFinal` if the version is published."""
        if PolicyVersion.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise PublishedVersionFinal(
                gettext_noop("%(version)s is published and cannot be changed. Publish a new version instead."),
                version=self,
            )


class Clause(models.Model):
    """One clause of a version. Its anchor comes from its number or heading, so edits elsewhere do not change it."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    anchor = models.CharField(max_length=80)
    number = models.CharField(max_length=32, blank=True)
    heading = models.CharField(max_length=300, blank=True)
    level = models.PositiveSmallIntegerField()
    text = models.TextField()
    html = models.TextField()

    class Meta:
        app_label = "privacy"
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "anchor"], name="clause_anchor_once"),
            models.UniqueConstraint(fields=["version", "position"], name="clause_position_once"),
        ]

    def __str__(self) -> str:
        return self.number or self.heading or self.anchor

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a clause of a draft; raise `PublishedVersionFinal` otherwise."""
        self.version.refuse_if_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a clause of a draft; raise `PublishedVersionFinal` otherwise."""
        self.version.refuse_if_published()
        return super().delete(*args, **kwargs)

    @property
    def cited_as(self) -> str:
        """The name of the clause in a receipt: its number, else its heading, else its anchor."""
        return self.number or self.heading or self.anchor

    @property
    def name(self) -> str:
        """The name of the clause: its heading, else its number, else its first words."""
        return self.heading or self.number or self.text[:60]


class Citation(models.Model):
    """A clause of a version that states a topic (see `topics`); a topic without a row is stated by no clause."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="citations")
    topic = models.CharField(max_length=64)
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="+")

    class Meta:
        app_label = "privacy"
        verbose_name = _("clause that states something")
        verbose_name_plural = _("clauses that state something")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "topic", "clause"], name="citation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.clause}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a citation of a draft; raise `PublishedVersionFinal` otherwise."""
        self.version.refuse_if_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a citation of a draft; raise `PublishedVersionFinal` otherwise."""
        self.version.refuse_if_published()
        return super().delete(*args, **kwargs)


class CitationCheck(models.Model):
    """The confirmation of a version's citations. A version published by an earlier release has none."""

    version = models.OneToOneField(PolicyVersion, models.CASCADE, related_name="citation_check")
    # The number of a staff account; null if the shell confirmed or published it.
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField()

    class Meta:
        app_label = "privacy"
        verbose_name = _("check of the clauses")
        verbose_name_plural = _("checks of the clauses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.version_id)


class PublicationProposal(models.Model):
    """A person's proposal to publish a draft, and how; another person confirms it."""

    version = models.OneToOneField(PolicyVersion, models.CASCADE, related_name="proposal")
    # Numbers of staff accounts: this package knows no accounts.
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField(auto_now_add=True)
    material = models.BooleanField(null=True)
    effective_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        verbose_name = _("proposal to publish")
        verbose_name_plural = _("proposals to publish")
        permissions = [("confirm_publication", gettext_noop("Can confirm a publication"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")), name="two_people_publish"
            )
        ]

    def __str__(self) -> str:
        return str(self.version_id)
