"""Resets of a lost second factor or phone number on request; `accounts.staff` decides on them."""

import datetime as dt
import json

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from accounts.contact_points.models import PHONE, Code, ContactPoint
from accounts.contact_points.services import add_contact_point, verified_contacts
from accounts.security_events.devices import BY_STAFF
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import ChangedValues, notify_change, offer_undo
from accounts.security_events.services import record_event
from accounts.sessions.services import end_sessions
from accounts.sign_in.changes import contact_replaced
from accounts.tries.failures import forget_failures
from accounts.users.models import User
from privacy.evidence.clock import database_now
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject


def has_newer_factor(user: User, since: dt.datetime) -> bool:
    """Whether a person set up an app or a passkey after a time."""
    return _factors(user).filter(created_at__gt=since).exists()


def verified_phone(user: User) -> ContactPoint | None:
    """Return the phone number that a person uses, or None."""
    return verified_contacts(user.subject_id).filter(field=PHONE.key).first()


def is_set_for_another(phone: str, user: User) -> bool:
    """Whether staff entered this phone number (E.164) for another person, who has not verified it."""
    given = ContactPoint.objects.filter(index=phone, reset_at__isnull=False, verified_at__isnull=True)
    return given.exclude(subject_id=user.subject_id).exists()


def reset_factors(*, user: User) -> None:
    """Remove every second factor of a person with their recovery codes, end every session, and notify the person.

    The link in the notice restores all of them.
    """
    with transaction.atomic():
        lock_subjects([user.subject_id])
        former = [json.dumps({"type": one.type, "data": one.data}) for one in _factors(user).order_by("pk")]
        Authenticator.objects.filter(user_id=user.pk).delete()
        _end_access(user)
        record_event(user.subject_id, SecurityEvent.Kind.FACTORS_RESET, device=BY_STAFF)
        _notify(user, SecurityEvent.Kind.FACTORS_RESET, ChangedValues(former_factor=former[0] if former else None))
        # The link of the first change also undoes the later ones: these.
        for factor in former[1:]:
            offer_undo(
                subject=_subject(user),
                kind=SecurityEvent.Kind.FACTORS_RESET,
                values=ChangedValues(former_factor=factor),
                device=BY_STAFF,
            )


def reset_phone(*, user: User, phone: str) -> ContactPoint:
    """Replace a lost phone number by a new one (E.164), end every session, and notify the person.

    A code to the new number verifies it, in settings or in a recovery. The old number is notified without a link:
    another person may have it now. Raises `IntegrityError` where it `is_set_for_another`.
    """
    with transaction.atomic():
        lock_subjects([user.subject_id])
        lost = verified_phone(user)
        if lost:
            _ = lost.value  # decrypted while its row exists
            ContactPoint.objects.filter(pk=lost.pk).delete()
        contact = add_contact_point(subject=_subject(user), field=PHONE.key, value=phone)
        contact.reset_at = database_now()
        contact.save(update_fields=["reset_at"])
        _end_access(user)
        record_event(user.subject_id, SecurityEvent.Kind.PHONE_RESET, device=BY_STAFF)
        contact_replaced.send(ContactPoint, subject_id=user.subject_id, field=PHONE.key, by_staff=True)
        _notify(user, SecurityEvent.Kind.PHONE_RESET, ChangedValues(contact=contact, replaced=lost, is_lost=True))
    return contact


def _factors(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


def _end_access(user: User) -> None:
    end_sessions([user.subject_id])
    Code.objects.filter(subject_id=user.subject_id).delete()
    forget_failures(user.subject_id)


def _notify(user: User, kind: SecurityEvent.Kind, values: ChangedValues) -> None:
    notify_change(subject=_subject(user), kind=kind, values=values, device=BY_STAFF)


def _subject(user: User) -> DataSubject:
    return DataSubject.objects.get(pk=user.subject_id)
