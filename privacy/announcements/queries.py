"""Whose consent a version replaces, who has not agreed yet, and which announcements run or lag."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.pace import people_per_minute
from privacy.consent.queries import registered_after, version_named_last
from privacy.consent.tallies import people_by_version
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.evidence.clock import database_now
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import published_versions
from privacy.subjects.models import DataSubject

# An announcement that stood still for so long alarms; one with many postponed messages takes an hour to look at all.
STANDS_STILL, LOOKED_AT_WITHIN = timedelta(minutes=10), timedelta(hours=1)


def replaced_versions(version: PolicyVersion) -> list[PolicyVersion]:
    """Return the published versions, in all languages, whose consents a material version replaces: of older labels."""
    first_text: dict[str, datetime] = {}
    versions = list(published_versions(version.jurisdiction).order_by("in_force_from").defer("html", "original"))
    for each in versions:
        if each.in_force_from:
            first_text.setdefault(each.label, each.in_force_from)
    since = first_text.get(version.label)
    return [each for each in versions if since and first_text[each.label] < since]


def people_whose_consent_is_replaced(version: PolicyVersion) -> QuerySet[DataSubject]:
    """Return the living people whose latest consent names one of the `replaced_versions`, by their numbers.

    Who never agreed to anything (staff) is not among them; who has cancelled and may undo it is.
    """
    replaced = [each.pk for each in replaced_versions(version)]
    people = DataSubject.objects.filter(jurisdiction=version.jurisdiction, erased_at__isnull=True)
    return people.alias(named=version_named_last(OuterRef("pk"))).filter(named__in=replaced).order_by("pk")


def people_to_agree(version: PolicyVersion) -> QuerySet[DataSubject]:
    """Return who has not agreed to a version yet: `people_whose_consent_is_replaced`, less those who have cancelled.

    `people_by_replaced_version` and `people_left` count the same people.
    """
    return people_whose_consent_is_replaced(version).exclude(pk__in=subjects_with_an_open_case())


def people_by_replaced_version(version: PolicyVersion) -> list[tuple[PolicyVersion, int]]:
    """Return how many of the `people_to_agree` agreed to each of the `replaced_versions`, where it is anybody.

    From the counts of consents, less those who have cancelled: nobody else is read one by one.
    """
    replaced = replaced_versions(version)
    people = people_by_version()
    cancelled = DataSubject.objects.filter(pk__in=subjects_with_an_open_case(), erased_at__isnull=True)
    named = cancelled.annotate(named=version_named_last(OuterRef("pk"))).filter(
        named__in=[each.pk for each in replaced]
    )
    gone = Counter(named.values_list("named", flat=True))
    counted = [(each, people.get(str(each.pk), 0) - gone[each.pk]) for each in replaced]
    return [(each, count) for each, count in counted if count > 0]


def people_of_round(announcement: Announcement) -> QuerySet[DataSubject]:
    """Return whom a round comes past: `people_whose_consent_is_replaced`, less those who registered since it began.

    The latter are found by the ledger, so that each person is found once.
    """
    people = people_whose_consent_is_replaced(announcement.version)
    if announcement.began_at_position is None:
        return people
    return people.exclude(registered_after(OuterRef("pk"), announcement.began_at_position))


def open_announcements() -> QuerySet[Announcement]:
    """Return the rounds that write to people, or may yet; those that came past nobody for longest are first."""
    return Announcement.objects.filter(closed_at__isnull=True).order_by("last_batch_at")


def lock_round(announcement: Announcement) -> Announcement | None:
    """Lock every open round until the transaction ends, and return one as it is now, or None where it is closed.

    One worker at a time comes past people, and spends of the pace that all rounds share.
    """
    rounds = Announcement.objects.filter(closed_at__isnull=True).select_for_update().order_by("pk")
    found = next((each for each in list(rounds) if each.pk == announcement.pk), None)
    if found:
        found.version = announcement.version
    return found


def running_announcements() -> QuerySet[Announcement]:
    """Return the announcements that have not come past everybody, oldest first."""
    return Announcement.objects.filter(finished_at__isnull=True).order_by("started_at")


def announcements_of(version: PolicyVersion) -> QuerySet[Announcement]:
    """Return every round of messages about a version, in whichever language it was published first, newest first."""
    return Announcement.objects.filter(version__jurisdiction=version.jurisdiction, version__label=version.label)


def stalled_announcements() -> QuerySet[Announcement]:
    """Return the announcements that stand still although people are due.

    They came past nobody for ten minutes (two sweeps where those are slower), or look at nobody who was postponed. One
    that wrote to anybody meanwhile goes on at its pace.
    """
    stands_still = max(STANDS_STILL, 2 * settings.SWEEP_EVERY)
    postponed = PostponedMessage.objects.filter(announcement=OuterRef("pk"))
    looks_at_nobody = Exists(postponed.filter(look_at__lt=Now() - stands_still - LOOKED_AT_WITHIN))
    passes_nobody = Q(finished_at__isnull=True, last_batch_at__lt=Now() - stands_still)
    wrote = Q(paced_until__gte=Now() - stands_still)
    return open_announcements().filter(passes_nobody | looks_at_nobody).exclude(wrote)


def late_announcements() -> list[Announcement]:
    """Return the unfinished announcements that will not have reached everybody when their version comes into force.

    One of a version that is in force already is late where it takes longer than a day.
    """
    now = database_now()
    return [each for each in running_announcements().select_related("version") if ends_at(each, now) > _deadline(each)]


def ends_at(announcement: Announcement, now: datetime) -> datetime:
    """Return when an announcement will have reached everybody, at the pace that it shares with the others that run."""
    mine = announcement.left
    others = running_announcements().exclude(pk=announcement.pk)
    return now + timedelta(minutes=(mine + sum(min(each.left, mine) for each in others)) / people_per_minute())


def versions_to_agree() -> list[tuple[PolicyVersion, int]]:
    """Return the newest material version in force of each jurisdiction, and how many people have not agreed to it yet.

    Of a version in several languages, the text that came first; one that everybody agreed to is left out.
    """
    newest: dict[str, PolicyVersion] = {}
    in_force = PolicyVersion.objects.filter(in_force_from__lte=Now(), material=True).defer("html", "original")
    for version in in_force.order_by("in_force_from"):
        known = newest.get(version.jurisdiction)
        if known is None or known.label != version.label:
            newest[version.jurisdiction] = version
    counted = [(version, people_left(version)) for version in newest.values()]
    return [(version, people) for version, people in counted if people]


def is_newest_material(version: PolicyVersion) -> bool:
    """Whether a version is material, and none of another label came after it in its jurisdiction."""
    material = published_versions(version.jurisdiction).filter(material=True)
    newest = material.exclude(label=version.label).filter(in_force_from__gt=version.in_force_from)
    return bool(version.material) and not newest.exists()


def people_left(version: PolicyVersion) -> int:
    """Return how many the `people_to_agree` are, counted without reading each."""
    return sum(people for _version, people in people_by_replaced_version(version))


def _deadline(announcement: Announcement) -> datetime:
    in_force_from = announcement.version.in_force_from or announcement.started_at
    return max(in_force_from, announcement.started_at + timedelta(days=1))
