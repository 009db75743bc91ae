"""`Purge`: numbers of rows deleted by age; `MonthlyCount`: how many people registered, with no link to a person."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from privacy.inventory.suppression import SMALLEST_GROUP


class Purge(models.Model):
    """How many rows of one record were deleted by age: in the last run, and in total. Numbers only."""

    record = models.CharField(_("record"), max_length=80, primary_key=True)
    last_run_at = models.DateTimeField(_("last run"), db_default=Now())
    last_count = models.PositiveBigIntegerField(_("rows deleted in the last run"), default=0)
    total = models.PositiveBigIntegerField(_("rows deleted in total"), default=0)

    class Meta:
        app_label = "privacy"
        ordering: ClassVar = ["record"]
        default_permissions = ()
        verbose_name = _("purge by age")
        verbose_name_plural = _("purges by age")

    def __str__(self) -> str:
        return self.record


class ClosedMonth(models.Model):
    """A month that was counted, whether or not any count could be kept; it is never counted again."""

    month = models.DateField(primary_key=True)
    closed_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthlyCount(models.Model):
    """How many people of one group registered in a month: ten or more, so that it identifies no one.

    It has no subject and no key. An erasure cannot reach it and need not: nothing in it leads to a person.
    """

    month = models.DateField(_("month"))
    jurisdiction = models.CharField(_("jurisdiction"), max_length=16)
    kind = models.CharField(_("kind"), max_length=10)
    # ISO 3166-1 alpha-2, or "other" for the countries with too few people to be named.
    country = models.CharField(_("country"), max_length=5)
    registered = models.PositiveIntegerField(_("people who registered"))

    class Meta:
        app_label = "privacy"
        ordering: ClassVar = ["-month", "jurisdiction", "kind", "country"]
        default_permissions = ()
        verbose_name = _("monthly count")
        verbose_name_plural = _("monthly counts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "jurisdiction", "kind", "country"], name="one_count_per_month_and_group"
            ),
            models.CheckConstraint(condition=models.Q(registered__gte=SMALLEST_GROUP), name="no_count_of_a_few"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.jurisdiction} {self.kind} {self.country}"
