"""Begin an announcement with a publication, continue it batch by batch, and remind people who have not agreed."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.pace import allowance, spend
from privacy.announcements.postponing import LOOK_AGAIN, PostponedBatch, postpone, postpone_registrations
from privacy.announcements.queries import (
    announcements_of,
    is_newest_material,
    left_alone_before,
    lock_round,
    open_announcements,
    people_left,
    people_left_alone,
    people_of_round,
    replaced_versions,
)
from privacy.announcements.writing import messages_to
from privacy.consent.queries import ledger_position
from privacy.database.batches import BatchStep
from privacy.evidence.clock import database_now
from privacy.notices.addresses import addresses_of_all
from privacy.notices.services import queue_notices
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import lock_label, published_versions
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

# People whose messages one transaction stores.
BATCH = 100
REMIND_AFTER = timedelta(days=1)


class CannotRemind(Exception):
    """A reminder has no purpose now; the message says why."""


def begin_announcement(
    version: PolicyVersion, *, kind: str = Announcement.Kind.FIRST, asked_by: UUID | None = None
) -> Announcement:
    """Store that people are to be notified of a version; the sweep does it. Return the announcement."""
    now, position = database_now(), ledger_position()
    return Announcement.objects.create(
        version=version,
        kind=kind,
        asked_by=asked_by,
        started_at=now,
        last_batch_at=now,
        paced_until=now,
        began_at_position=position,
        consents_read=position,
        people=people_left(version),
    )


@transaction.atomic
def remind_people(*, version: PolicyVersion, by: UUID) -> Announcement:
    """Write again to people who have not agreed to a version yet.

    Raises `CannotRemind` if the version is not the newest material one, no one is left, a round about it is running in
    any language, or the last one ended less than a day ago.
    """
    lock_label(version)
    if why := why_no_reminder(version):
        raise CannotRemind(why)
    _close_earlier_rounds(version)
    return begin_announcement(version, kind=Announcement.Kind.REMINDER, asked_by=by)


def why_no_reminder(version: PolicyVersion) -> str:
    """Return why no reminder of a version is possible now, in the reader's language; empty if one is."""
    if not is_newest_material(version):
        return _("You can send reminders only about the newest material version.")
    if not people_left(version):
        return _("There is no one to remind: everyone has agreed or has cancelled.")
    rounds = announcements_of(version)
    if rounds.filter(finished_at__isnull=True).exists():
        return _("Messages about this version are still being sent. Wait until all are sent.")
    if rounds.filter(finished_at__gt=database_now() - REMIND_AFTER).exists():
        return _("The last messages were sent less than a day ago. Send a reminder tomorrow.")
    return ""


def announce() -> int:
    """Continue every open announcement at the pace that they share; return how many people were notified."""
    rounds = list(open_announcements().values_list("pk", flat=True))
    return sum(_safely(pk, among=len(rounds) - place) for place, pk in enumerate(rounds))


def begin_with_publication(version: PolicyVersion, **_more: Any) -> None:
    """Announce a material version, also one that is not yet in force. A later translation is not announced again.

    Also if no one is left now: people may register under the old text, or undo a cancellation.
    """
    others = published_versions(version.jurisdiction).filter(label=version.label).exclude(pk=version.pk)
    if version.material and not others.exists() and replaced_versions(version):
        begin_announcement(version)


@dataclass
class _Batch:
    """The next people of an announcement, at most `share`. A person whose messages cannot be stored stops no other."""

    announcement: Announcement
    share: int
    written: int = 0

    def take(self) -> int:
        """Write to them; return how many."""
        BatchStep(read=self.read, step=self.write, failed=self.skip).take()
        return self.written

    def read(self, keys: Sequence[UUID] | None) -> QuerySet[DataSubject]:
        """Return the people, with every open round locked: people of another worker are before the cursor."""
        announcement = lock_round(self.announcement)
        if announcement is None or announcement.finished_at:
            return DataSubject.objects.none()
        people = _people_ahead(announcement)
        return people[: max(min(BATCH, self.share, allowance()), 0)] if keys is None else people.filter(pk__in=keys)

    def write(self, people: list[DataSubject]) -> None:
        """Store their messages and move the cursor, in one transaction; postpone people who cannot be reached."""
        left_alone = people_left_alone().filter(pk__in=[person.pk for person in people])
        cancelled = set(left_alone.values_list("pk", flat=True))
        # Who cancelled or was restricted since the round began was counted; they are counted again if they return.
        counted = len(cancelled - left_alone_before(cancelled, self.announcement.started_at)) if cancelled else 0
        to_notify = [person for person in people if person.pk not in cancelled]
        addresses = addresses_of_all([person.pk for person in to_notify])
        is_reminder = self.announcement.kind == Announcement.Kind.REMINDER
        queue_notices(list(messages_to(self.announcement, to_notify, addresses, is_reminder=is_reminder)))
        unreachable = [person.pk for person in to_notify if not addresses[person.pk]]
        postpone(self.announcement, sorted(cancelled), is_late=True, wait=LOOK_AGAIN)
        postpone(self.announcement, unreachable, is_late=False, wait=LOOK_AGAIN)
        told = len(to_notify) - len(unreachable)
        spend(self.announcement, told)
        _move(self.announcement, people[-1].pk, told=told, unreachable=len(unreachable))
        left = Greatest(F("people") - counted, 0)
        Announcement.objects.filter(pk=self.announcement.pk).update(last_batch_at=Now(), people=left)
        self.written += told

    def skip(self, person: DataSubject, error: Exception) -> None:
        """Leave out a person whose messages cannot be stored; a reminder tries again."""
        logger.error("A message about a policy could not be stored (%s)", type(error).__name__)
        _move(self.announcement, person.pk, failed=1)


def _safely(pk: UUID, *, among: int) -> int:
    """Continue one announcement. A failure stops no other announcement; the next sweep tries again."""
    try:
        return _continue_round(pk, among=among)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - no failure may stop the others
        logger.error("An announcement failed (%s)", type(error).__name__)  # noqa: TRY400
        return 0


def _continue_round(pk: UUID, *, among: int) -> int:
    """Write to the people of one round, with its share of what `among` rounds may write now."""
    rounds = Announcement.objects.select_related("version").defer("version__html", "version__original")
    announcement = rounds.get(pk=pk)
    postpone_registrations(announcement)
    share = math.ceil(allowance() / among)
    written = PostponedBatch(announcement, share).take() if share > 0 else 0
    for _batch in range(0, share - written, BATCH):
        written += _Batch(announcement, share - written).take()
    _end(announcement)
    return written


@transaction.atomic
def _end(announcement: Announcement) -> None:
    """Note that a round has handled everyone, and close it if no one can be added any more."""
    locked = lock_round(announcement)
    if locked is None:
        return
    mine = Announcement.objects.filter(pk=locked.pk)
    if locked.finished_at is None and not _people_ahead(locked).exists():
        mine.update(finished_at=Now())
    if locked.consents_read is None and not PostponedMessage.objects.filter(announcement=locked).exists():
        mine.filter(finished_at__isnull=False).update(closed_at=Now())


def _close_earlier_rounds(version: PolicyVersion) -> None:
    """Close the earlier rounds about a version: the new one covers the same people."""
    rounds = announcements_of(version).filter(closed_at__isnull=True)
    locked = list(rounds.select_for_update().order_by("pk").values_list("pk", flat=True))
    PostponedMessage.objects.filter(announcement__in=locked).delete()
    Announcement.objects.filter(pk__in=locked).update(closed_at=Now())


def _people_ahead(announcement: Announcement) -> QuerySet[DataSubject]:
    people = people_of_round(announcement)
    return people.filter(pk__gt=announcement.cursor) if announcement.cursor else people


def _move(announcement: Announcement, cursor: UUID, **more: int) -> None:
    counts = {name: F(name) + count for name, count in more.items()}
    behind = Q(cursor__isnull=True) | Q(cursor__lt=cursor)  # another worker may have moved it further
    Announcement.objects.filter(behind, pk=announcement.pk).update(cursor=cursor, **counts)
