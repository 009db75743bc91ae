"""The yearly figures of children's data, for the report at the end of January (Minors' Network Protection, art. 37)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q

from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord

NOW = "children_now"


def yearly_figures(year: int) -> Iterator[tuple[str, str, int]]:
    """Yield (country, what, how many) of a year (UTC), and at the end how many children have an account now.

    What is an act of `GuardianRecord`. The figures name no one. Children whose guardian refused or did not answer are
    not counted: nothing of them is left.
    """
    start, end = (dt.datetime(number, 1, 1, tzinfo=dt.UTC) for number in (year, year + 1))
    found = GuardianRecord.objects.filter(at__gte=start, at__lt=end).values_list("country", "act")
    yield from found.annotate(many=Count("pk")).order_by("country", "act")
    here = Q(ended_at__isnull=True, subject__erased_at__isnull=True)
    yield "", NOW, Guardianship.objects.filter(here).values("subject_id").distinct().count()
