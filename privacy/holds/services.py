"""Request a hold, approve or refuse it; request its release, release or keep it. Signals trigger the consequences."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.evidence.clock import database_now
from privacy.holds.legal_basis import is_legal_basis
from privacy.holds.models import LegalHold
from privacy.holds.replay import details_of
from privacy.inventory.retention_classes import HOLDABLE_CLASSES
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once
from privacy.policies.grounds import RetentionGround
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

# Sent in the transaction that puts a hold in force, with the hold; a receiver may raise `NothingLeftToHold`.
hold_approved = Signal()
# Sent in the transaction that ends a hold early.
hold_released = Signal()


class HoldRefused(Exception):
    """A hold cannot be requested, decided or released in this way; the message says why."""


class NothingLeftToHold(HoldRefused):
    """The person was erased already, or their erasure has begun."""


def ask_for_hold(
    *, subject: DataSubject, exception: str, legal_basis: str, classes: Collection[str], until: datetime, by: UUID
) -> LegalHold:
    """Ask for a hold on one of the `RetentionGround`s; it keeps nothing until a second person approves.

    `exception` is that ground.
    `legal_basis` is a law and its article, or an order and its number, such as "GDPR art. 17(3)(e)" or "Order 12/2026".
    `classes` are retention classes that may be held; `until` is when it ends by itself, after LONGEST_HOLD at most;
    `by` the member of staff.
    Raises `HoldRefused`.
    """
    if exception not in RetentionGround.values:
        raise HoldRefused(_("“%(exception)s” is not a ground for keeping data.") % {"exception": exception})
    if not classes or not set(classes) <= set(HOLDABLE_CLASSES):
        names = ", ".join(HOLDABLE_CLASSES)
        raise HoldRefused(_("Name one or more of these classes: %(classes)s.") % {"classes": names})
    check_legal_basis(legal_basis)
    check_end(until)
    return LegalHold.objects.create(
        subject=subject,
        exception=exception,
        legal_basis=legal_basis,
        classes=sorted({str(name) for name in classes}),
        until=until,
        asked_by=by,
        asked_at=database_now(),
    )


def check_legal_basis(text: str) -> None:
    """Raise `HoldRefused` unless a text is a reference to a law or an order."""
    if not is_legal_basis(text):
        raise HoldRefused(
            _("Enter the legal basis: a law and its article, or an order and its number. Do not enter a name.")
        )


def check_end(until: datetime) -> None:
    """Raise `HoldRefused` for an end in the past, or later than LONGEST_HOLD from now."""
    now = database_now()
    if until <= now:
        raise HoldRefused(_("The end of a hold must be in the future."))
    if until > now + settings.LONGEST_HOLD:
        days = {"days": settings.LONGEST_HOLD.days}
        raise HoldRefused(_("A hold can last %(days)s days at most. Request another one before it ends.") % days)


def approve_hold(*, hold: LegalHold, by: UUID) -> LegalHold:
    """Put a hold in force. Raises `HoldRefused` for the person who asked, `NothingLeftToHold` after an erasure."""
    with transaction.atomic():
        locked = _locked(hold, LegalHold.State.ASKED)
        _check_second_person(locked.asked_by, by)
        if locked.until <= database_now():
            raise HoldRefused(_("This hold has already ended."))
        erased_before = _erased_at(locked)
        hold_approved.send(sender=LegalHold, hold=locked)
        # Waits for a purge that has locked this person: what it deleted was gone before the hold.
        lock_subjects([locked.subject_id])
        # A case may have been opened, and erased, since the receivers checked.
        if _erased_at(locked) != erased_before:
            raise NothingLeftToHold(_("This person's data has already been erased. There is nothing left to hold."))
        _decide(locked, LegalHold.State.APPROVED, by)
        note_at_once(entries=[_entry(locked, JournalEntry.Kind.HOLD_APPROVED)])
    return locked


def refuse_hold(*, hold: LegalHold, by: UUID) -> LegalHold:
    """Refuse a requested hold. Raises `HoldRefused` if it was decided already."""
    with transaction.atomic():
        locked = _locked(hold, LegalHold.State.ASKED)
        _check_second_person(locked.asked_by, by)
        _decide(locked, LegalHold.State.REFUSED, by)
    return locked


def ask_for_release(*, hold: LegalHold, by: UUID) -> LegalHold:
    """Request that a hold ends early; it continues until a second person releases it.

    Raises `HoldRefused` if it is not in force, or its release was requested already.
    """
    with transaction.atomic():
        locked = _locked(hold, LegalHold.State.APPROVED)
        if locked.release_asked_at:
            raise HoldRefused(_("Someone has already requested the release of this hold."))
        _note_release_asked(locked, by, database_now())
    return locked


def keep_hold(*, hold: LegalHold, by: UUID) -> LegalHold:
    """Refuse a requested release, or withdraw one's own request: the hold continues. Raises `HoldRefused`."""
    with transaction.atomic():
        locked = _release_asked(hold)
        if locked.release_asked_by != by:
            _check_second_person(locked.release_asked_by, by)
        _note_release_asked(locked, None, None)
    return locked


def release_hold(*, hold: LegalHold, by: UUID) -> LegalHold:
    """End a hold early, as another person requested; what only it kept is erased next.

    Raises `HoldRefused` for the person who requested the release, and if the hold is not in force or has no request.
    """
    with transaction.atomic():
        locked = _release_asked(hold)
        _check_second_person(locked.release_asked_by, by)
        locked.state, locked.released_by, locked.released_at = LegalHold.State.RELEASED, by, database_now()
        locked.save(update_fields=["state", "released_by", "released_at"])
        hold_released.send(sender=LegalHold, hold=locked)
        # Before the journal's chain is locked: a sweep locks this person's row first, too, and then the chain.
        lock_subjects([locked.subject_id])
        note_at_once(entries=[_entry(locked, JournalEntry.Kind.HOLD_RELEASED)])
    return locked


def _check_second_person(asked_by: UUID | None, by: UUID) -> None:
    if asked_by is None:  # a replay restored the request without the number of its requester
        return
    try:
        check_two_people(first=asked_by, second=by)
    except NotTwoPeople as refused:
        raise HoldRefused(str(refused)) from None


def _locked(hold: LegalHold, state: str) -> LegalHold:
    locked = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if locked.state != state:
        raise HoldRefused(_("This hold is %(state)s.") % {"state": locked.get_state_display()})
    return locked


def _release_asked(hold: LegalHold) -> LegalHold:
    locked = _locked(hold, LegalHold.State.APPROVED)
    if not locked.release_asked_at:
        raise HoldRefused(_("No one has requested the release of this hold."))
    return locked


def _note_release_asked(hold: LegalHold, by: UUID | None, at: datetime | None) -> None:
    hold.release_asked_by, hold.release_asked_at = by, at
    hold.save(update_fields=["release_asked_by", "release_asked_at"])


def _erased_at(hold: LegalHold) -> datetime | None:
    return DataSubject.objects.values_list("erased_at", flat=True).get(pk=hold.subject_id)


def _decide(hold: LegalHold, state: str, by: UUID) -> None:
    hold.state, hold.decided_by, hold.decided_at = state, by, database_now()
    hold.save(update_fields=["state", "decided_by", "decided_at"])


def _entry(hold: LegalHold, kind: str) -> JournalEntry:
    return JournalEntry(
        subject_id=hold.subject_id,
        kind=kind,
        item=hold.pk,
        clause=hold.exception,
        classes=hold.classes,
        due_at=hold.until,
        at=database_now(),
        details=details_of(hold),
    )
