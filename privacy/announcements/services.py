"""Begin an announcement with a publication, take it on batch by batch, and remind those who have not agreed."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.dispatch import receiver
from django.utils.translation import gettext as _

from privacy.announcements.models import Announcement
from privacy.announcements.queries import (
    announcements_of,
    is_newest_material,
    people_left,
    people_to_agree,
    replaced_versions,
    running_announcements,
)
from privacy.consent.queries import language_of, latest_consents
from privacy.database.halving import Halving
from privacy.evidence.clock import database_now
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import Address, addresses_of_all
from privacy.notices.models import Notice
from privacy.notices.ready import draft_notice
from privacy.notices.services import queue_notices
from privacy.policies.languages import language_to_write_in
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import lock_label, published_versions
from privacy.policies.signals import policy_published
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

TEMPLATE = "policy_changed"
# People whose messages one transaction stores.
BATCH = 100
# The pace is kept over a minute at most: after an outage nothing is caught up with at once.
LONGEST_PAUSE = timedelta(minutes=1)
REMIND_AFTER = timedelta(days=1)
Kind = Announcement.Kind


class CannotRemind(Exception):
    """A reminder is of no use now; the message says why."""


def begin_announcement(version: PolicyVersion, *, kind: str = Kind.FIRST, asked_by: UUID | None = None) -> Announcement:
    """Store that people are to be written to about a version; the sweep writes. Return the announcement."""
    now = database_now()
    return Announcement.objects.create(
        version=version,
        kind=kind,
        asked_by=asked_by,
        started_at=now,
        last_batch_at=now,
        people=people_left(version),
    )


@transaction.atomic
def remind(*, version: PolicyVersion, by: UUID) -> Announcement:
    """Write once more to those who have not agreed to a version yet.

    Raises `CannotRemind` where it is not the newest material version, nobody is left, a round about it is running, in
    whichever language, or the last one ended less than a day ago.
    """
    lock_label(version)
    if not is_newest_material(version):
        raise CannotRemind(_("Only the newest material version can be reminded of."))
    if not people_left(version):
        raise CannotRemind(_("Nobody is left to remind: everybody has agreed, or has cancelled."))
    last = announcements_of(version).first()
    if last and last.finished_at is None:
        raise CannotRemind(_("Messages about this version are still being sent. Wait until they are through."))
    if last and last.finished_at and last.finished_at > database_now() - REMIND_AFTER:
        raise CannotRemind(_("People were written to less than a day ago. Remind them tomorrow."))
    return begin_announcement(version, kind=Kind.REMINDER, asked_by=by)


def announce() -> int:
    """Take every unfinished announcement on, at the pace of the settings; return how many people were written to."""
    return sum(_safely(pk) for pk in running_announcements().values_list("pk", flat=True))


@receiver(policy_published)
def _begin_with_publication(version: PolicyVersion, **_more: Any) -> None:
    """Announce a material version, also one that is yet to come into force; a translation was announced already."""
    others = published_versions(version.jurisdiction).filter(label=version.label).exclude(pk=version.pk)
    if version.material and not others.exists() and people_left(version):
        begin_announcement(version)


@dataclass(frozen=True)
class _Batch:
    """The next people of an announcement; a person whose messages cannot be stored stops no other."""

    announcement: Announcement
    size: int

    def take(self) -> int:
        """Write to them; return to how many."""
        return Halving(read=self.read, step=self.write, failed=self.come_past).take()

    def read(self, keys: Sequence[UUID] | None) -> QuerySet[DataSubject]:
        """Return the people, with the announcement locked: another worker's people are behind the cursor."""
        cursor = Announcement.objects.select_for_update().values_list("cursor", flat=True).get(pk=self.announcement.pk)
        people = people_to_agree(self.announcement.version)
        if cursor:
            people = people.filter(pk__gt=cursor)
        return people[: self.size] if keys is None else people.filter(pk__in=keys)

    def write(self, people: list[DataSubject]) -> None:
        """Store their messages and come past them, in one transaction."""
        addresses = addresses_of_all([person.pk for person in people])
        queue_notices(list(_messages(self.announcement, people, addresses)))
        told = sum(bool(addresses[person.pk]) for person in people)
        _move(self.announcement, people[-1].pk, told=told, unreachable=len(people) - told)

    def come_past(self, person: DataSubject, error: Exception) -> None:
        """Leave somebody out whose messages cannot be stored; a reminder tries again."""
        logger.error("A message about a policy could not be stored (%s)", type(error).__name__)
        _move(self.announcement, person.pk, failed=1)

    def is_empty(self) -> bool:
        """Whether nobody is left."""
        with transaction.atomic():
            return not self.read(None).exists()


def _safely(pk: UUID) -> int:
    """Take one announcement on; one that fails stops no other, and the next sweep tries it again."""
    try:
        return _go_on(pk)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is must not stop the others
        logger.error("An announcement failed (%s)", type(error).__name__)  # noqa: TRY400
        return 0


def _go_on(pk: UUID) -> int:
    announcement = Announcement.objects.select_related("version").get(pk=pk)
    allowed, written = _claim_allowance(pk), 0
    while allowed > 0:
        batch = _Batch(announcement, min(BATCH, allowed))
        written += batch.take()
        allowed -= batch.size
        if batch.is_empty():
            running_announcements().filter(pk=pk).update(finished_at=Now())
            break
    return written


def _claim_allowance(pk: UUID) -> int:
    """Return how many people may be written to now, by the pace since the last batch. One worker gets that share."""
    with transaction.atomic():
        announcement = running_announcements().select_for_update().filter(pk=pk).first()
        if announcement is None:
            return 0
        now = database_now()
        pause = min(now - announcement.last_batch_at, LONGEST_PAUSE)
        allowed = int(settings.ANNOUNCEMENTS_PER_MINUTE * pause / LONGEST_PAUSE)
        if allowed:
            Announcement.objects.filter(pk=pk).update(last_batch_at=now)
        return allowed


def _messages(
    announcement: Announcement, people: list[DataSubject], addresses: Mapping[UUID, list[Address]]
) -> Iterator[Notice]:
    versions = {version.pk: version for version in replaced_versions(announcement.version)}
    accepted = latest_consents([person.pk for person in people])
    now = database_now()
    for person in people:
        for address in _preferred(addresses[person.pk]):
            yield _message(announcement, person, versions.get(accepted[person.pk]), address, now)


def _preferred(addresses: list[Address]) -> list[Address]:
    """Return the e-mail addresses where there are any: a text message costs, and holds less."""
    return [address for address in addresses if address.channel == Notice.Channel.EMAIL] or addresses


def _message(
    announcement: Announcement, person: DataSubject, accepted: PolicyVersion | None, address: Address, now: datetime
) -> Notice:
    version = announcement.version
    in_force_from = version.in_force_from or now
    return draft_notice(
        subject=person,
        channel=address.channel,
        address=address.value,
        template=TEMPLATE,
        language=language_to_write_in(accepted.language) if accepted else language_of(person.pk),
        context={
            "jurisdiction": version.jurisdiction,
            "at": in_force_from.isoformat(timespec="minutes"),
            "is_to_come": "yes" if in_force_from > now else "",
            "is_reminder": "yes" if announcement.kind == Kind.REMINDER else "",
            "url": _what_changes(version, accepted),
        },
    )


def _what_changes(version: PolicyVersion, accepted: PolicyVersion | None) -> str:
    """Return the page that shows what changes for somebody; where a restore lost what they accepted, the new text."""
    if accepted is None:
        return link_to("policy_version", version.jurisdiction, version.label)
    compared = urlencode({"since": accepted.label, "to": version.label})
    return f"{link_to('policy_changes', version.jurisdiction)}?{compared}"


def _move(announcement: Announcement, cursor: UUID, **more: int) -> None:
    counts = {name: F(name) + count for name, count in more.items()}
    behind = Q(cursor__isnull=True) | Q(cursor__lt=cursor)  # another worker may have come further meanwhile
    Announcement.objects.filter(behind, pk=announcement.pk).update(cursor=cursor, **counts)
