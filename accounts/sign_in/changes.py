"""Change a contact point: the new one is used once it is verified, and the old one is notified."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.contact_points.code_requests import forget, use_requested_code
from accounts.contact_points.models import EMAIL, ENTERPRISE_EMAIL, PHONE, Code, ContactPoint
from accounts.contact_points.parsing import clean_email, clean_phone, phone_help
from accounts.contact_points.services import add_contact_point, contact_points_of, every_contact, mark_verified
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import ChangedValues, notify_change
from accounts.security_events.services import record_event
from accounts.users.epochs import begin_new_epoch, hold_epoch
from privacy.inventory.country_of_person import country_of
from privacy.inventory.declarations import PersonalField
from privacy.subjects.models import DataSubject

DECLARED = {declared.key: declared for declared in (PHONE, EMAIL, ENTERPRISE_EMAIL)}

# Sent after a contact point was replaced, with `subject_id`, `field`, and `by_staff` where staff did it on request.
# `accounts.profiles` records the correction.
contact_replaced = Signal()


@dataclass(frozen=True)
class ContactRow:
    """A contact field as its owner sees it: the value in use, and the one that waits for its code."""

    declared: PersonalField
    contact: ContactPoint | None
    waiting: ContactPoint | None


def contact_rows(subject_id: UUID) -> list[ContactRow]:
    """Return the contact fields that a person has or may add, with the value in use and the waiting one."""
    return rows_of_contacts(every_contact(subject_id))


def rows_of_contacts(contacts: Iterable[ContactPoint]) -> list[ContactRow]:
    """Return `contact_rows` for all contact points of a person."""
    points = list(contacts)
    is_enterprise = any(point.field == ENTERPRISE_EMAIL.key for point in points)
    return [
        ContactRow(
            declared,
            next((point for point in points if point.field == declared.key and point.verified_at), None),
            next((point for point in points if point.field == declared.key and not point.verified_at), None),
        )
        for declared in (PHONE, ENTERPRISE_EMAIL if is_enterprise else EMAIL)
    ]


class ContactForm(forms.Form):
    """One new phone number or e-mail address."""

    value = forms.CharField(max_length=254)

    def __init__(self, *args: Any, field: str, subject_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared, self.region = DECLARED[field], country_of(subject_id)
        value = self.fields["value"]
        value.label = str(self.declared.label)
        value.declared = self.declared  # type: ignore[attr-defined]
        value.help_text = phone_help(self.region) if self.declared is PHONE else ""
        value.widget.attrs["autocomplete"] = "tel" if field == "phone" else "email"
        value.widget.input_type = "tel" if field == "phone" else "email"  # type: ignore[attr-defined]

    def clean_value(self) -> str:
        """Return the canonical form: E.164, or a normalised address."""
        text = self.cleaned_data["value"]
        return clean_phone(text, self.region) if self.declared is PHONE else clean_email(text)


def change_contact_point(*, subject: DataSubject, field: str, value: str) -> ContactPoint:
    """Store the new contact point as unverified; the old one is used until `replace_contact_point`.

    Raises `ValidationError` for a field that no contact point has.
    """
    if field not in DECLARED:
        raise ValidationError("unknown field", "unknown_field")
    return add_contact_point(subject=subject, field=field, value=value)


def waiting_contact(subject_id: UUID, field: str) -> ContactPoint | None:
    """Return the contact point of a field that waits for its code, or None."""
    return contact_points_of(subject_id).filter(field=field, verified_at__isnull=True).first()


def replace_contact_point(request: HttpRequest, *, contact: ContactPoint, digits: str) -> None:
    """Verify a contact point by the code that this session requested; notify the replaced one and the others.

    Raises `RateLimited`, `WrongCode`, `CodeExpired`, `ContactTaken`, `BeginAgain`.
    """
    code = use_requested_code(request, use=Code.Use.VERIFY, digits=digits, contact=contact)
    forget(request, use=Code.Use.VERIFY, contact=contact)
    with transaction.atomic():
        hold_epoch(subject_id=contact.subject_id, epoch=code.epoch)
        replaced = mark_verified(contact)
        begin_new_epoch([contact.subject_id])
        kind = SecurityEvent.Kind.CONTACT_CHANGED if replaced else SecurityEvent.Kind.CONTACT_ADDED
        record_event(contact.subject_id, kind)
        contact_replaced.send(ContactPoint, subject_id=contact.subject_id, field=contact.field)
        notify_change(subject=contact.subject, kind=kind, values=ChangedValues(contact=contact, replaced=replaced))
