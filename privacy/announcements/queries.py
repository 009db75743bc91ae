"""Whose consent a version replaces, who has not agreed yet, and which announcements run or are late."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

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
from privacy.restriction.queries import restricted_subjects
from privacy.subjects.models import DataSubject

# An announcement without progress for this long raises an alarm; checking many postponed messages takes an hour.
STALLED_AFTER, CHECKED_WITHIN = timedelta(minutes=10), timedelta(hours=1)


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
    """Return the people whose latest consent names one of the `replaced_versions`, by their numbers.

    Erased people are left out, and staff, who never agreed to anything. People who cancelled and may still undo it are
    included.
    """
    replaced = [each.pk for each in replaced_versions(version)]
    people = DataSubject.objects.filter(jurisdiction=version.jurisdiction, erased_at__isnull=True)
    return people.alias(named=version_named_last(OuterRef("pk"))).filter(named__in=replaced).order_by("pk")


def people_left_alone() -> QuerySet[DataSubject]:
    """Return whom no message in bulk is written to: people who cancelled, and those whose data is only stored."""
    return DataSubject.objects.filter(Q(pk__in=subjects_with_an_open_case()) | Q(pk__in=restricted_subjects()))


def left_alone_before(subjects: Collection[UUID], at: datetime) -> set[UUID]:
    """Return who of these people cancelled, or was restricted, before a time."""
    cancelled = subjects_with_an_open_case().filter(subject_id__in=subjects, cancelled_at__lt=at)
    restricted = restricted_subjects().filter(subject_id__in=subjects, since__lt=at)
    return {*cancelled, *restricted}


def people_to_agree(version: PolicyVersion) -> QuerySet[DataSubject]:
    """Return the people who have not agreed to a version yet: `people_whose_consent_is_replaced` whom we may write to.

    `people_by_replaced_version` and `people_left` count the same people.
    """
    return people_whose_consent_is_replaced(version).exclude(pk__in=people_left_alone())


def people_by_replaced_version(version: PolicyVersion) -> list[tuple[PolicyVersion, int]]:
    """Return how many of the `people_to_agree` agreed to each of the `replaced_versions`, without those of none.

    Computed from the counts of consents, minus `people_left_alone`: no other person is read.
    """
    replaced = replaced_versions(version)
    people = people_by_version()
    left_alone = people_left_alone().filter(erased_at__isnull=True)
    named = left_alone.annotate(named=version_named_last(OuterRef("pk"))).filter(
        named__in=[each.pk for each in replaced]
    )
    gone = Counter(named.values_list("named", flat=True))
    counted = [(each, people.get(str(each.pk), 0) - gone[each.pk]) for each in replaced]
    return [(each, count) for each, count in counted if count > 0]


def people_of_round(announcement: Announcement) -> QuerySet[DataSubject]:
    """Return whom a round passes: `people_whose_consent_is_replaced`, without those who registered since it began.

    The ledger finds the latter, so that each person is found once.
    """
    people = people_whose_consent_is_replaced(announcement.version)
    if announcement.began_at_position is None:
        return people
    return people.exclude(registered_after(OuterRef("pk"), announcement.began_at_position))


def open_announcements() -> QuerySet[Announcement]:
    """Return the rounds that write to people, or may still; the one without progress for longest is first."""
    return Announcement.objects.filter(closed_at__isnull=True).order_by("last_batch_at")


def lock_round(announcement: Announcement) -> Announcement | None:
    """Lock every open round until the transaction ends; return this one as it is now, or None if it is closed.

    So one worker at a time handles people and uses the pace that all rounds share.
    """
    rounds = Announcement.objects.filter(closed_at__isnull=True).select_for_update().order_by("pk")
    found = next((each for each in list(rounds) if each.pk == announcement.pk), None)
    if found:
        found.version = announcement.version
    return found


def running_announcements() -> QuerySet[Announcement]:
    """Return the announcements that have not handled everyone, oldest first."""
    return Announcement.objects.filter(finished_at__isnull=True).order_by("started_at")


def announcements_of(version: PolicyVersion) -> QuerySet[Announcement]:
    """Return every round of messages about a version, in any of its languages, newest first."""
    return Announcement.objects.filter(version__jurisdiction=version.jurisdiction, version__label=version.label)


def stalled_announcements() -> QuerySet[Announcement]:
    """Return the announcements without progress although people are due.

    They handled no one for ten minutes (or two sweeps, if those are slower), or checked no postponed person. A round
    that wrote to anyone in that time makes progress at its pace.
    """
    stalled_after = max(STALLED_AFTER, 2 * settings.SWEEP_EVERY)
    postponed = PostponedMessage.objects.filter(announcement=OuterRef("pk"))
    checks_stalled = Exists(postponed.filter(look_at__lt=Now() - stalled_after - CHECKED_WITHIN))
    round_stalled = Q(finished_at__isnull=True, last_batch_at__lt=Now() - stalled_after)
    wrote = Q(paced_until__gte=Now() - stalled_after)
    return open_announcements().filter(round_stalled | checks_stalled).exclude(wrote)


def late_announcements() -> list[Announcement]:
    """Return the unfinished announcements that will not have reached everyone when their version comes into force.

    For a version that is in force already, a round is late if it takes longer than a day.
    """
    now = database_now()
    return [each for each in running_announcements().select_related("version") if ends_at(each, now) > _deadline(each)]


def ends_at(announcement: Announcement, now: datetime) -> datetime:
    """Return when an announcement will have reached everyone, at the pace that it shares with other running ones."""
    mine = announcement.left
    others = running_announcements().exclude(pk=announcement.pk)
    return now + timedelta(minutes=(mine + sum(min(each.left, mine) for each in others)) / people_per_minute())


def versions_to_agree() -> list[tuple[PolicyVersion, int]]:
    """Return the newest material version in force of each jurisdiction, and how many people have not agreed yet.

    Of a version in several languages, the first text counts. A version that everyone agreed to is left out.
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
    """Whether a version is material and no later label exists in its jurisdiction."""
    material = published_versions(version.jurisdiction).filter(material=True)
    newest = material.exclude(label=version.label).filter(in_force_from__gt=version.in_force_from)
    return bool(version.material) and not newest.exists()


def people_left(version: PolicyVersion) -> int:
    """Return the number of `people_to_agree`, counted without reading each."""
    return sum(people for _version, people in people_by_replaced_version(version))


def _deadline(announcement: Announcement) -> datetime:
    in_force_from = announcement.version.in_force_from or announcement.started_at
    return max(in_force_from, announcement.started_at + timedelta(days=1))
