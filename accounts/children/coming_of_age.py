"""The day of age, in the child's zone: the guardian's rights end, and the person is asked for their own agreement.

Unanswered for 30 days, the account is suspended; for 60 days, it is erased.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

from celery.exceptions import SoftTimeLimitExceeded
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.children.disagreeing import end_dispute
from accounts.profiles.queries import profile_of
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import language_of, latest_consent
from privacy.consent.services import record_consent, require_shown_version
from privacy.encryption.keys import KeyDestroyed, open_keys
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.erasure.services import cancel_at_once
from privacy.erasure.suspending import resume_with_recipients, suspend
from privacy.evidence.clock import database_now
from privacy.guardians.acting import end_guardianship, guardians_of, note_act
from privacy.guardians.ages import earliest_date
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import addresses_of
from privacy.notices.services import send_notice
from privacy.policies.grounds import DeletionGround
from privacy.recipients.outbox import enqueue_resumed, enqueue_suspended
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import is_restricted
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

SUSPEND_AFTER, ERASE_AFTER = dt.timedelta(days=30), dt.timedelta(days=60)
LATE_AFTER = dt.timedelta(hours=3)
OF_AGE = "come_of_age"
SALT = "accounts.children.coming_of_age"
BATCH = 500


class NotAsked(Exception):
    """Nothing waits for this person's answer."""


def end_due_guardianships() -> int:
    """End every guardianship of the children who reached the age today or earlier; return how many children.

    The day is sealed, so every guardianship in force is opened. A failure stops no other.
    """
    children = {guardianship.subject_id: guardianship.subject for guardianship in _in_force() if _is_over(guardianship)}
    return sum(map(_end, children.values()))


def suspend_unanswered() -> int:
    """Suspend the accounts of people who did not answer for 30 days; return how many."""
    due = unanswered().filter(suspended_at__isnull=True, ended_at__lte=Now() - SUSPEND_AFTER)
    subjects = set(due.values_list("subject_id", flat=True)[:BATCH])
    with transaction.atomic():
        lock_subjects(subjects)
        found, now = list(due.filter(subject_id__in=subjects).order_by("-pk")), database_now()
        unanswered().filter(subject_id__in=subjects).update(suspended_at=now)
        suspend(subjects)
        for guardianship in {one.subject_id: one for one in found}.values():
            enqueue_suspended(subject=guardianship.subject_id, case=guardianship.pk, at=now)
    return len(subjects)


def erase_unanswered() -> int:
    """Cancel, without a cooling-off period, the accounts of people who did not answer for 60 days; return how many."""
    due = overdue_answers(dt.timedelta(0)).values_list("subject_id", flat=True)[:BATCH]
    ground = DeletionGround.WITHOUT_CONSENT
    return len(cancel_at_once(subjects=set(due), ground=ground, recipients_know=True))


def unanswered() -> QuerySet[Guardianship]:
    """Return the guardianships that ended with the day of age, and whose child has not answered since."""
    found = Guardianship.objects.filter(ended_as=Guardianship.End.OF_AGE, confirmed_at__isnull=True)
    return found.filter(subject__erased_at__isnull=True)


def suspended_among(subjects: Collection[UUID]) -> QuerySet[Guardianship, UUID]:
    """Return those of these persons who are suspended because they have not answered since the day of age."""
    found = unanswered().filter(subject_id__in=subjects, suspended_at__isnull=False)
    return found.values_list("subject_id", flat=True)


def overdue_answers(late: dt.timedelta = LATE_AFTER) -> QuerySet[Guardianship]:
    """Return those whose account should have been cancelled, 60 days after the day of age, and `late` more."""
    open_cases = subjects_with_an_open_case()
    due = unanswered().filter(ended_at__lte=Now() - ERASE_AFTER - late)
    return due.exclude(subject_id__in=open_cases).order_by("ended_at")


def link_for(subject: DataSubject) -> str:
    """Return the link by which a person answers, without signing in: a suspended account cannot."""
    return link_to("come_of_age", signing.dumps(subject.pk.hex, salt=SALT))


def asked_by_link(secret: str) -> DataSubject:
    """Return the person of a link who is asked for their own agreement. Raises `NotAsked`."""
    try:
        number = signing.loads(secret, salt=SALT, max_age=ERASE_AFTER)
    except signing.BadSignature:
        raise NotAsked from None
    found = unanswered().filter(subject_id=number).select_related("subject").first()
    if found is None:
        raise NotAsked
    return found.subject


def confirm_for_oneself(*, subject: DataSubject, digest: str, language: str) -> None:
    """Take the agreement of a person who reached the age; optional uses are off until they turn them on.

    A suspended account is open again, unless it is cancelled. Raises `NotAsked`, and `PolicyNotInForce` where another
    text is in force.
    """
    with transaction.atomic():
        lock_subjects([subject.pk])
        waiting = list(unanswered().select_for_update(of=("self",)).filter(subject=subject))
        if not waiting:
            raise NotAsked
        version = require_shown_version(jurisdiction=subject.jurisdiction, language=language, digest=digest)
        before = latest_consent(subject.pk)
        record_consent(
            subject=subject,
            version=version,
            purposes=[],
            act=ConsentRecord.Act.ACCEPTED,
            channel=ConsentRecord.Channel.WEB,
            replaces=before.version_id if before else None,
        )
        # Whose guardians disagreed until the day of age: from then on the person decides.
        end_dispute(subject=subject, by=ProcessingRestriction.By.SELF)
        suspended = sorted(one.pk for one in waiting if one.suspended_at)
        unanswered().filter(subject=subject).update(confirmed_at=database_now())
        if resume_with_recipients([subject.pk]) and suspended and not is_restricted(subject.pk):
            enqueue_resumed(subject=subject.pk, case=suspended[0], at=database_now())
        note_act(waiting[0], GuardianRecord.Act.CONFIRMED)


def _in_force() -> Iterator[Guardianship]:
    found = Guardianship.objects.filter(ended_at__isnull=True, subject__erased_at__isnull=True)
    last = None
    while rows := list((found.filter(pk__gt=last) if last else found).select_related("subject").order_by("pk")[:BATCH]):
        open_keys({row.subject_id for row in rows})
        yield from rows
        last = rows[-1].pk


def _is_over(guardianship: Guardianship) -> bool:
    try:
        profile, now = profile_of(guardianship.subject_id), database_now()
        if profile is None:
            return False
        zone = str(profile.time_zone or "")
        # Without a zone of their own: that of the country whose day begins last.
        today = now.astimezone(ZoneInfo(zone)).date() if zone else earliest_date(str(profile.country), now)
        return bool(guardianship.reached_on <= today)
    except KeyDestroyed:  # the person is being erased
        return False


def _end(subject: DataSubject) -> bool:
    """End all guardianships of a person first: their guardians are written to no more, also not with the link."""
    end, act = Guardianship.End.OF_AGE, GuardianRecord.Act.CAME_OF_AGE
    try:
        with transaction.atomic():
            lock_subjects([subject.pk])
            found = guardians_of(subject.pk)
            if not [one for one in found if end_guardianship(guardianship=one, end=end, act=act)]:
                return False
            _ask_for_agreement(subject)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - one child stops no other; its text may hold values: only its name is kept
        logger.error("Ending the guardianships of %s failed with %s", subject.pk, type(error).__name__)  # noqa: TRY400
        return False
    return True


def _ask_for_agreement(subject: DataSubject) -> None:
    now = database_now()
    for address in addresses_of(subject):
        send_notice(
            subject=subject,
            channel=address.channel,
            address=address.value,
            template=OF_AGE,
            language=language_of(subject.pk),
            context={
                "answer_url": link_for(subject),
                "until": (now + SUSPEND_AFTER).isoformat(),
                "erased_by": (now + ERASE_AFTER).isoformat(),
            },
        )
