"""When a business period is over: at the end of its last day, in the zone of the enterprise."""

import datetime as dt
from uuid import UUID

from accounts.profiles.queries import profile_of
from accounts.profiles.terms import NO_FIXED_TERM
from privacy.jurisdictions.time_zones import zones_of_country
from privacy.rights.clock import end_of_day

UTC = "UTC"


def end_of_term(subject_id: UUID, term: dt.date | str) -> dt.datetime | None:
    """Return the instant at which the last day of a term is over for a person; None for `NO_FIXED_TERM`.

    Without a zone of the person, the day is over when it is over in every zone of the country.
    """
    if term == NO_FIXED_TERM or not isinstance(term, dt.date):
        return None
    return max(end_of_day(term, zone) for zone in _zones(subject_id))


def _zones(subject_id: UUID) -> frozenset[str]:
    profile = profile_of(subject_id)
    if profile is not None and profile.time_zone:
        return frozenset({str(profile.time_zone)})
    return (zones_of_country(str(profile.country)) if profile else frozenset()) or frozenset({UTC})
