"""`Licence`: a business licence that an enterprise handed in; `LicencePage`: a picture of one of its pages."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.licences.copy_parts import LICENCES, PAGES
from accounts.licences.states import LicenceField, LicenceState, ReturnCode
from privacy.encryption.fields import SealedTextField
from privacy.encryption.sealing import Place
from privacy.inventory.declarations import TECHNICAL, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject

# Each licence has a key of its own, so that it is gone with its pictures while the account stays.
RETENTION_CLASS = "licence"
SEALED_APART = "sealed under the licence's own key"


class Licence(models.Model):
    """One licence. `due_at` is the promised end of the review; `expires_at` is null for no fixed term."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=9, choices=LicenceState, default=LicenceState.IN_REVIEW)
    # A keyed hash of the file as it was handed in, with its person.
    fingerprint = models.BinaryField(max_length=32)
    handed_in_at = models.DateTimeField(_("handed in"), db_default=Now())
    due_at = models.DateTimeField(_("due"))
    # One reviewer at a time, for some minutes.
    taken_by = models.UUIDField(_("taken by"), null=True)
    taken_until = models.DateTimeField(_("taken until"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    # Null if the portal decided by itself.
    decided_by = models.UUIDField(_("decided by"), null=True)
    code = models.CharField(_("code"), max_length=14, choices=ReturnCode, blank=True)
    field = models.CharField(_("field"), max_length=19, choices=LicenceField, blank=True)
    words = SealedTextField(owner="id", retention_class=RETENTION_CLASS, null=True)
    expires_at = models.DateTimeField(_("in force until"), null=True)
    # The last reminder that was sent, as days before the end: 60, 30 or 7.
    reminded = models.PositiveSmallIntegerField(_("last reminder"), null=True)

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        moves=False,
        plain={"words": SEALED_APART, "fingerprint": "a keyed hash; it goes with the row"}
        | dict.fromkeys(
            (
                *("state", "handed_in_at", "due_at", "taken_by", "taken_until", "decided_at", "decided_by"),
                *("code", "field", "expires_at", "reminded"),
            ),
            TECHNICAL,
        ),
        copy=LICENCES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("business licence")
        verbose_name_plural = _("business licences")
        default_permissions = ("view",)
        permissions: ClassVar = [("review_licence", gettext_noop("Can review business licences"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], condition=Q(state="in_review"), name="one_licence_in_review"),
            models.UniqueConstraint(fields=["subject"], condition=Q(state="approved"), name="one_licence_in_force"),
            models.CheckConstraint(
                condition=Q(state__in=["in_review", "replaced"]) | Q(decided_at__isnull=False),
                name="a_decided_licence_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(code__in=ReturnCode.values), name="a_returned_licence_says_why"
            ),
            models.CheckConstraint(
                condition=Q(reminded__isnull=True) | Q(reminded__in=[60, 30, 7]),
                name="reminded_60_30_and_7_days_before",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-handed_in_at"], name="licences_of_a_person"),
            models.Index(fields=["due_at"], condition=Q(state="in_review"), name="licences_to_review"),
            models.Index(fields=["expires_at"], condition=Q(state="approved"), name="licences_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LicencePage(models.Model):
    """One picture that the portal made of a page; the sealed file `name` is in the store of licences."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    licence = models.ForeignKey(Licence, models.CASCADE, related_name="pages", verbose_name=_("business licence"))
    number = models.PositiveSmallIntegerField(_("page"))
    content_type = models.CharField(_("kind of picture"), max_length=10)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("bytes"))
    name = models.CharField(_("file"), max_length=40, unique=True)
    sealed_digest = models.CharField(_("digest of the sealed file"), max_length=64)
    picture_digest = SealedTextField(owner="licence_id", retention_class=RETENTION_CLASS)
    made_at = models.DateTimeField(_("made"), db_default=Now())

    inventory = Record(
        subject="licence__subject",
        retention=RetentionClass.ACCOUNT,
        moves=False,
        plain={"picture_digest": SEALED_APART}
        | dict.fromkeys(
            ("number", "content_type", "width", "height", "size", "name", "sealed_digest", "made_at"), TECHNICAL
        ),
        copy=PAGES,
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("page of a business licence")
        verbose_name_plural = _("pages of business licences")
        default_permissions = ()
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["licence", "number"], name="one_page_of_each_number"),
            models.CheckConstraint(
                condition=Q(content_type__in=["image/png", "image/jpeg"]), name="a_page_is_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.pk}"

    @property
    def place(self) -> Place:
        """The place to which the sealed file is bound."""
        return Place(self._meta.db_table, "file", self.pk.hex, self.licence_id, RETENTION_CLASS)
