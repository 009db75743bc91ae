"""People whom a round cannot write to yet: they are checked again until it can, or need not."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.pace import allowance, spend
from privacy.announcements.queries import (
    lock_round,
    people_left_alone,
    people_whose_consent_is_replaced,
    replaced_versions,
)
from privacy.announcements.writing import messages_to
from privacy.consent.queries import registrations_after
from privacy.database.batches import BatchStep
from privacy.evidence.clock import database_now
from privacy.notices.addresses import addresses_of_all
from privacy.notices.services import queue_notices

logger = logging.getLogger(__name__)

# Acts of consent that one transaction reads, and transactions of one sweep.
ACTS, MOST_READS = 1000, 100
# Postponed messages that one transaction checks.
LOOKS = 500
LOOK_AGAIN = timedelta(minutes=15)
# How long a person without a verified contact point is checked. A registration is verified or cancelled sooner.
REACHABLE_WITHIN = timedelta(days=15)
# A registration that was sent before a version came into force is stored within this time.
LAST_REGISTRATIONS = timedelta(minutes=10)


def postpone(announcement: Announcement, subjects: Collection[UUID], *, is_late: bool, wait: timedelta) -> None:
    """Store that people of a round are to be checked again, in the transaction in which the round passes them."""
    now = database_now()
    PostponedMessage.objects.bulk_create(
        [
            PostponedMessage(
                announcement=announcement,
                subject_id=subject,
                is_late=is_late,
                look_at=now + wait,
                until=now + REACHABLE_WITHIN,
            )
            for subject in subjects
        ],
        ignore_conflicts=True,
    )


def postpone_registrations(announcement: Announcement) -> None:
    """Postpone the messages to people who registered under an old text since a round began."""
    for _read in range(MOST_READS):
        if not _read_more(announcement):
            return


@transaction.atomic
def _read_more(announcement: Announcement) -> bool:
    """Read the next acts of consent; return whether there may be more."""
    locked = lock_round(announcement)
    if locked is None or locked.consents_read is None:
        return False
    now, began_to_read = database_now(), locked.consents_read
    last, found = registrations_after(began_to_read, most=ACTS)
    replaced = {version.pk for version in replaced_versions(announcement.version)}
    postpone(
        announcement, [subject for subject, version in found if version in replaced], is_late=True, wait=timedelta()
    )
    is_at_end = last < began_to_read + ACTS
    in_force_from = announcement.version.in_force_from or announcement.started_at
    is_over = is_at_end and now > in_force_from + LAST_REGISTRATIONS
    if is_over or last > began_to_read:
        Announcement.objects.filter(pk=announcement.pk).update(consents_read=None if is_over else last)
    return not is_at_end


@dataclass
class PostponedBatch:
    """The postponed people of a round who are due; at most `share` of them are notified."""

    announcement: Announcement
    share: int
    written: int = 0

    def take(self) -> int:
        """Check them, and write to those who can be reached now; return how many."""
        BatchStep(read=self.read, step=self.look, failed=self.drop).take()
        return self.written

    def read(self, keys: Sequence[UUID] | None) -> QuerySet[PostponedMessage]:
        """Return what is due, with every open round locked, so that rows which another worker finished are gone."""
        if lock_round(self.announcement) is None:
            return PostponedMessage.objects.none()
        due = PostponedMessage.objects.filter(announcement=self.announcement, look_at__lte=Now()).order_by("look_at")
        return due[:LOOKS] if keys is None else due.filter(pk__in=keys)

    def look(self, rows: list[PostponedMessage]) -> None:
        """Write to those who can be reached, postpone the others, and drop those who agreed, in one transaction."""
        subjects = [row.subject_id for row in rows]
        asked = people_whose_consent_is_replaced(self.announcement.version).filter(pk__in=subjects)
        people = {person.pk: person for person in asked}
        cancelled = set(people_left_alone().filter(pk__in=subjects).values_list("pk", flat=True))
        addresses = addresses_of_all([pk for pk in people if pk not in cancelled])
        ready = [row for row in rows if addresses.get(row.subject_id)]
        waiting = [row for row in rows if row.subject_id in people and not addresses.get(row.subject_id)]
        gone = [row for row in rows if row.subject_id not in people]
        written = ready[: max(min(self.share - self.written, allowance()), 0)]
        queue_notices(
            list(
                messages_to(
                    self.announcement, [people[row.subject_id] for row in written], addresses, is_reminder=False
                )
            )
        )
        now = database_now()
        again = {row.pk for row in waiting if row.until >= now or row.subject_id in cancelled}
        self._postpone([row for row in waiting if row.pk in again])
        self._settle([*written, *gone, *(row for row in waiting if row.pk not in again)], written)
        self.written += len(written)

    def drop(self, row: PostponedMessage, error: Exception) -> None:
        """Leave out a person whose message cannot be stored; a reminder tries again."""
        logger.error("A postponed message about a policy could not be stored (%s)", type(error).__name__)
        with transaction.atomic():
            if PostponedMessage.objects.filter(pk=row.pk).delete()[0]:
                self._count([row], "failed")

    def _postpone(self, rows: list[PostponedMessage]) -> None:
        waiting = PostponedMessage.objects.filter(pk__in=[row.pk for row in rows])
        waiting.update(look_at=database_now() + LOOK_AGAIN)

    def _settle(self, rows: list[PostponedMessage], written: list[PostponedMessage]) -> None:
        PostponedMessage.objects.filter(pk__in=[row.pk for row in rows]).delete()
        if written:
            spend(self.announcement, len(written))
            self._count(written, "told")

    def _count(self, rows: list[PostponedMessage], name: str) -> None:
        """Count people as notified, or failed. Late ones join the round; others were among its unreachable people."""
        late = sum(row.is_late for row in rows)
        Announcement.objects.filter(pk=self.announcement.pk).update(
            **{name: F(name) + len(rows)}, people=F("people") + late, unreachable=F("unreachable") - (len(rows) - late)
        )
