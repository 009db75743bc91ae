"""Counts registrations by jurisdiction, kind and country, for `privacy.retention`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.encryption.keys import KeyDestroyed

BATCH = 500


def verified_registrations(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[str, str, str]]:
    """Yield (jurisdiction, kind, country) of each person whose registration was verified in [start, end).

    Staff are not counted, nor are people who have cancelled since: their data is no longer used.
    """
    people = User.objects.filter(verified_at__gte=start, verified_at__lt=end, is_active=True, is_staff=False)
    profiles = Profile.objects.filter(subject_id__in=people.values("subject_id")).select_related("subject")
    needed = profiles.only("subject", "kind", "country", "subject__jurisdiction").order_by("pk")
    for profile in needed.iterator(chunk_size=BATCH):
        # The person was erased while this runs.
        with suppress(KeyDestroyed):
            yield profile.subject.jurisdiction, profile.kind, str(profile.country)
