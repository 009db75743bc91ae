"""Contact points: add, verify, find. Only verified ones are used; each has one owner."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.database.compiled import CompiledQuery
from privacy.encryption.keys import open_keys
from privacy.guardians.own_addresses import is_of_guardian
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.notices.addresses import ContactAddress, masked_address
from privacy.subjects.models import DataSubject

SMS, EMAIL_CHANNEL = "sms", "email"


class ContactTaken(Exception):
    """Another person verified this contact point first, or it is that of the child's guardian."""


class RegistrationExpired(ContactTaken):
    """The time to verify this registration is over, and its contact points are free: register again."""


def contact_points_of(subject_id: UUID) -> QuerySet[ContactPoint]:
    """Return a person's contact points, verified ones first."""
    return ContactPoint.objects.filter(subject_id=subject_id).order_by("verified_at", "created_at")


def every_contact(subject_id: UUID) -> list[ContactPoint]:
    """Return `contact_points_of` as a list, by a query that is compiled once."""
    return EVERY_CONTACT.rows(subject_id)


def verified_contacts(subject_id: UUID) -> QuerySet[ContactPoint]:
    """Return the contact points of a person that may be used."""
    return contact_points_of(subject_id).filter(verified_at__isnull=False)


def contacts_in_use(subject_id: UUID) -> list[ContactPoint]:
    """Return `verified_contacts` as a list, by a query that is compiled once."""
    return IN_USE.rows(subject_id)


def is_taken(contact: ContactPoint) -> bool:
    """Whether another person verified the same value."""
    owners = _OWNERS.filter(index=contact.value)
    return any(owner != contact.subject_id for owner in owners)


def verified_contact(value: str) -> ContactPoint | None:
    """Return the verified contact point of a canonical value, or None. A constraint lets it have one owner."""
    return ContactPoint.objects.filter(index=value, verified_at__isnull=False).first()


def owner_of_address(value: str) -> DataSubject | None:
    """Return whose verified contact point a canonical value is, or None.

    The stored value must be the same, letter by letter: two mailboxes may have the same blind index.
    """
    contact = ContactPoint.objects.filter(index=value, verified_at__isnull=False, subject__erased_at__isnull=True)
    found = contact.select_related("subject").first()
    return found.subject if found and str(found.value) == value else None


def contacts_to_verify(user: User) -> list[ContactPoint]:
    """Return the contact points that can verify a new account by the rule of its jurisdiction (phone, or either)."""
    waiting = contact_points_of(user.subject_id).filter(verified_at__isnull=True)
    return those_to_verify(waiting.select_related("subject"))


def those_to_verify(contacts: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Return those contact points of a new account that can verify it, the proposed one first."""
    return sorted(
        (contact for contact in contacts if _opens_account(contact)),
        key=lambda contact: contact.kind != ContactPoint.Kind.PHONE,
    )


def add_contact_point(*, subject: DataSubject, field: str, value: str) -> ContactPoint:
    """Store a contact point that waits to be verified; replace an earlier waiting one of the same field.

    `field` is the inventory's key (`phone`, `email`, `enterprise_email`), `value` its canonical form.
    """
    contact = _new(subject, field, value)
    with transaction.atomic():
        ContactPoint.objects.filter(subject=subject, field=field, verified_at__isnull=True).delete()
        contact.save(force_insert=True)
    return contact


def new_contact_points(*, subject: DataSubject, values: Mapping[str, str]) -> list[ContactPoint]:
    """Return the contact points of a new person, not stored yet, by the inventory's keys; each waits to be verified."""
    return [_new(subject, field, value) for field, value in values.items()]


def mark_verified(contact: ContactPoint) -> ContactPoint | None:
    """Mark a contact point as verified; return the one that it replaces, already deleted, or None.

    Raises `ContactTaken` where another person verified it first, `RegistrationExpired` after the time to verify.
    """
    try:
        with transaction.atomic():
            return _take_into_use(contact)
    except IntegrityError:
        raise ContactTaken("Somebody else verified this contact point at the same moment.") from None


def masked(contact: ContactPoint) -> str:
    """Return a contact point in the masked form that is shown before its owner is verified."""
    return masked_address(str(contact.value))


def channel_of(contact: ContactPoint) -> str:
    """Return the channel of a contact point: `sms` or `email`."""
    return SMS if contact.kind == ContactPoint.Kind.PHONE else EMAIL_CHANNEL


def channel_of_value(value: str) -> str:
    """Return the channel of a canonical phone number or e-mail address: `sms` or `email`."""
    return SMS if value.startswith("+") else EMAIL_CHANNEL


def verified_addresses(subjects: Collection[UUID]) -> Iterator[tuple[UUID, ContactAddress]]:
    """Yield the verified addresses of these persons, for `privacy.notices`."""
    contacts = list(
        ContactPoint.objects.filter(subject__pk__in=list(subjects), verified_at__isnull=False).order_by("kind")
    )
    open_keys({contact.subject_id for contact in contacts})
    for contact in contacts:
        yield contact.subject_id, ContactAddress(channel_of(contact), contact.value)


def verified_indexes(subjects: Collection[UUID]) -> list[tuple[UUID, bytes]]:
    """Return the blind indexes of the verified addresses of these persons; no key is needed."""
    verified = ContactPoint.objects.filter(subject_id__in=subjects, verified_at__isnull=False)
    return [(subject, bytes(index)) for subject, index in verified.values_list("subject_id", "index")]


EVERY_CONTACT = CompiledQuery(contact_points_of, UUID)
IN_USE = CompiledQuery(verified_contacts, UUID)
# Who verified a value: at most one person.
_OWNERS = ContactPoint.objects.filter(verified_at__isnull=False).values_list("subject_id", flat=True)


def _opens_account(contact: ContactPoint) -> bool:
    return get_jurisdiction(contact.subject.jurisdiction).accepts_contact(contact.kind)


def _new(subject: DataSubject, field: str, value: str) -> ContactPoint:
    kind = ContactPoint.Kind.PHONE if field == "phone" else ContactPoint.Kind.EMAIL
    return ContactPoint(subject=subject, field=field, kind=kind, value=value, index=value)


def _take_into_use(contact: ContactPoint) -> ContactPoint | None:
    # The lock on the subject's row serialises two tabs; the unique constraint decides between two persons.
    DataSubject.objects.select_for_update(no_key=True).get(pk=contact.subject_id)
    if User.objects.filter(subject_id=contact.subject_id, verified_at__isnull=True, is_active=False).exists():
        raise RegistrationExpired("The time to verify this registration is over.")
    if is_taken(contact) or is_of_guardian(subject_id=contact.subject_id, address=str(contact.value)):
        raise ContactTaken("This contact point belongs to another account, or to the guardian of this child.")
    replaced = verified_contacts(contact.subject_id).filter(field=contact.field).exclude(pk=contact.pk).first()
    if replaced:
        _ = replaced.value  # decrypted while its row exists
        ContactPoint.objects.filter(pk=replaced.pk).delete()  # its id tells whether it was added lately
    contact.verified_at = timezone.now()
    contact.save(update_fields=["verified_at"])
    User.objects.filter(subject_id=contact.subject_id, verified_at__isnull=True).update(verified_at=contact.verified_at)
    return replaced
