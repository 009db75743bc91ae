"""Which holds are in force, by the database's clock; which end soon."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from privacy.holds.models import LegalHold

# How long before its end a hold raises an alarm: time to release it properly, or to request another.
ALARM = dt.timedelta(days=14)


def holds_in_force() -> QuerySet[LegalHold]:
    """Return every hold that is in force."""
    return LegalHold.objects.filter(state=LegalHold.State.APPROVED, until__gt=Now())


def holds_of(subjects: Collection[UUID]) -> Mapping[UUID, list[LegalHold]]:
    """Return the holds in force on each of these persons, by one query."""
    found: dict[UUID, list[LegalHold]] = defaultdict(list)
    for hold in holds_in_force().filter(subject__pk__in=list(subjects)).order_by("until"):
        found[hold.subject_id].append(hold)
    return found


def held_subjects(retention_class: str) -> set[UUID]:
    """Return the persons with a hold on a class now. Holds are few, so the classes are compared in Python."""
    holds = holds_in_force().values_list("subject_id", "classes")
    return {subject for subject, classes in holds if retention_class in classes}


def subjects_held_within(retention_class: str, time: dt.timedelta) -> set[UUID]:
    """Return the persons with a hold on a class that is in force, or ended less than this time ago."""
    by_time = Q(state=LegalHold.State.APPROVED, until__gt=Now() - time)
    released = Q(state=LegalHold.State.RELEASED, released_at__gt=Now() - time)
    holds = LegalHold.objects.filter(by_time | released).values_list("subject_id", "classes")
    return {subject for subject, classes in holds if retention_class in classes}


def ending_holds() -> QuerySet[LegalHold]:
    """Return the holds that end within fourteen days, soonest first."""
    return holds_in_force().filter(until__lte=Now() + ALARM).order_by("until")


def holds_to_release() -> QuerySet[LegalHold]:
    """Return the holds in force whose release waits for a second person, oldest first."""
    return holds_in_force().filter(release_asked_at__isnull=False).order_by("release_asked_at")


def asked_holds() -> QuerySet[LegalHold]:
    """Return the holds that wait for a second person, oldest first."""
    return LegalHold.objects.filter(state=LegalHold.State.ASKED).order_by("asked_at")
