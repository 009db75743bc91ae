"""The charts of registrations on the first page of staff."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.profiles.models import Profile
from privacy.inventory.declarations import Kind
from privacy.jurisdictions.jurisdictions import Jurisdiction, all_jurisdictions
from privacy.operations.charts import Chart

DAYS = 14


def registrations_by_day() -> list[Chart]:
    """Return the registrations of the last fourteen days in the reader's time zone, by jurisdiction and kind."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    since = timezone.make_aware(datetime.combine(days[0], time.min))
    rows = Profile.objects.filter(created_at__gte=since).values_list(
        "subject__jurisdiction", "kind", "created_at__date"
    )
    counts = Counter({(code, kind, day): count for code, kind, day, count in rows.annotate(count=Count("pk"))})
    return [
        Chart(
            f"registrations-{jurisdiction.code}-{kind}",
            _title(jurisdiction, kind),
            [(day, counts[jurisdiction.code, kind.value, day]) for day in days],
            highest=max(counts.values(), default=0),
        )
        for jurisdiction in all_jurisdictions().values()
        for kind in Kind
    ]


def _title(jurisdiction: Jurisdiction, kind: Kind) -> str:
    of = {"jurisdiction": jurisdiction.name}
    if kind is Kind.ENTERPRISE:
        return _("Enterprises, %(jurisdiction)s") % of
    return _("Individuals, %(jurisdiction)s") % of
