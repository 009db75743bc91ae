"""Contact points: add, verify, find. Only a verified one is used, and it has one owner."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.sign_in.models import ContactPoint
from accounts.users.models import User
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.notices.addresses import Address, register_address_book
from privacy.subjects.models import DataSubject

SMS, EMAIL_CHANNEL = "sms", "email"


class ContactTaken(Exception):
    """Somebody else verified this contact point first."""


def contact_points_of(subject_id: UUID) -> QuerySet[ContactPoint]:
    """Return a person's contact points, verified ones first."""
    return ContactPoint.objects.filter(subject_id=subject_id).order_by("verified_at", "created_at")


def verified_contacts(subject_id: UUID) -> QuerySet[ContactPoint]:
    """Return the contact points of a person that may be used."""
    return contact_points_of(subject_id).filter(verified_at__isnull=False)


def is_taken(contact: ContactPoint) -> bool:
    """Whether somebody else verified the same value."""
    others = ContactPoint.objects.filter(index=contact.index, verified_at__isnull=False)
    return others.exclude(subject_id=contact.subject_id).exists()


def contacts_to_verify(user: User) -> list[ContactPoint]:
    """Return the contact points that would open a new account, as its jurisdiction asks (phone, or either)."""
    jurisdiction = get_jurisdiction(DataSubject.objects.get(pk=user.subject_id).jurisdiction)
    waiting = contact_points_of(user.subject_id).filter(verified_at__isnull=True)
    return sorted(
        (contact for contact in waiting if jurisdiction.accepts_contact(contact.kind)),
        key=lambda contact: contact.kind != ContactPoint.Kind.PHONE,
    )


def add_contact_point(*, subject: DataSubject, field: str, value: str) -> ContactPoint:
    """Store a contact point that waits to be verified; an earlier waiting one of the same field gives way.

    `field` is the register's key (`phone`, `email`, `enterprise_email`), `value` its canonical form.
    """
    kind = ContactPoint.Kind.PHONE if field == "phone" else ContactPoint.Kind.EMAIL
    with transaction.atomic():
        ContactPoint.objects.filter(subject=subject, field=field, verified_at__isnull=True).delete()
        return ContactPoint.objects.create(subject=subject, field=field, kind=kind, value=value, index=value)


def mark_verified(contact: ContactPoint) -> ContactPoint | None:
    """Take a contact point into use; return the one that it replaces, already deleted, or None.

    Raises `ContactTaken` where somebody else was first.
    """
    try:
        with transaction.atomic():
            return _take_into_use(contact)
    except IntegrityError:
        raise ContactTaken("Somebody else verified this contact point at the same moment.") from None


def masked(contact: ContactPoint) -> str:
    """Return a contact point as it may be shown to somebody who has not proved to be its owner."""
    text = str(contact.value)
    if contact.kind == ContactPoint.Kind.PHONE:
        return f"{text[:3]}{'•' * (len(text) - 5)}{text[-2:]}"
    local, _, domain = text.partition("@")
    return f"{local[:1]}{'•' * max(len(local) - 1, 3)}@{domain}"


def channel_of(contact: ContactPoint) -> str:
    """Return how a message goes to a contact point: `sms` or `email`."""
    return SMS if contact.kind == ContactPoint.Kind.PHONE else EMAIL_CHANNEL


@register_address_book
def verified_addresses(subject: DataSubject) -> Iterable[Address]:
    """Tell `privacy.notices` where a person can be reached."""
    return [Address(channel_of(contact), contact.value) for contact in verified_contacts(subject.pk)]


def _take_into_use(contact: ContactPoint) -> ContactPoint | None:
    # The subject's row serialises two tabs; the unique constraint decides between two persons.
    DataSubject.objects.select_for_update().get(pk=contact.subject_id)
    if is_taken(contact):
        raise ContactTaken("This contact point belongs to another account.")
    replaced = verified_contacts(contact.subject_id).filter(field=contact.field).exclude(pk=contact.pk).first()
    if replaced:
        _ = replaced.value  # opened while its row still stands
        replaced.delete()
    contact.verified_at = timezone.now()
    contact.save(update_fields=["verified_at"])
    User.objects.filter(subject_id=contact.subject_id, verified_at__isnull=True).update(verified_at=contact.verified_at)
    return replaced
