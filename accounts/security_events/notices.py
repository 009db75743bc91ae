"""Notify the other verified contact points of a change, with a link that undoes it ("this was not me")."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.core import context
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import get_language

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import channel_of, verified_contacts
from accounts.security_events.devices import device_of
from accounts.security_events.models import SecurityChange, SecurityEvent
from privacy.encryption.keys import system_key
from privacy.evidence.clock import database_now
from privacy.jurisdictions.site import link_to
from privacy.notices.services import send_notice
from privacy.subjects.models import DataSubject

UNDO_SYSTEM_KEY = "undo-links"
SECRET_BYTES = 16
# Templates of some kinds; all others use `security_changed`.
_TEMPLATES = {
    SecurityEvent.Kind.PASSWORD_CHANGED: "password_changed",
    SecurityEvent.Kind.RECOVERED: "password_changed",
    SecurityEvent.Kind.SIGNED_IN: "new_sign_in",
}
REPLACED = "contact_changed"


@dataclass(frozen=True)
class ChangedValues:
    """The values that a change added and replaced, as needed to undo it."""

    contact: ContactPoint | None = None
    replaced: ContactPoint | None = None
    username: str | None = None
    new_factor: int | None = None
    former_factor: str | None = None
    # The replaced contact point may belong to another person by now: it gets no link.
    is_lost: bool = False


@dataclass(frozen=True)
class UndoOffer:
    """A stored change, and the URL that undoes it."""

    change: SecurityChange
    url: str

    @property
    def words(self) -> dict[str, str]:
        """The context of a notice about the change."""
        return {
            "what": self.change.kind,
            "at": self.change.at.isoformat(timespec="minutes"),
            "device": self.change.device,
        }

    @property
    def link(self) -> dict[str, str]:
        """The context of a notice for undoing it."""
        return {"undo_url": self.url, "undo_until": self.change.undo_until.isoformat()}


def notify_change(
    *, subject: DataSubject, kind: SecurityEvent.Kind, values: ChangedValues | None = None, device: str = ""
) -> None:
    """Store a change that was just made, and notify every contact point that was verified before it.

    A replaced contact point is notified at its old value. The contact point that the change added is not notified.
    `device` is by default the device of the current request.
    """
    values = values or ChangedValues()
    added = values.contact.pk if values.contact else None
    recent = recently_added(subject.pk)
    offer = offer_undo(subject=subject, kind=kind, values=values, device=device)
    templates = {contact: _TEMPLATES.get(kind, "security_changed") for contact in verified_contacts(subject.pk)}
    if values.replaced:
        templates[values.replaced] = REPLACED
    for contact, template in templates.items():
        if contact.pk != added:
            words = offer.words | _way_to_undo(contact, offer, values, recent)
            _send(subject, contact, template, words, about=str(offer.change.pk))


def offer_undo(
    *, subject: DataSubject, kind: SecurityEvent.Kind, values: ChangedValues | None = None, device: str = ""
) -> UndoOffer:
    """Store a change that was just made, and return the link that undoes it for `UNDO_CHANGES_FOR`.

    Only a keyed hash of the link's secret is stored. Do not send the link to a contact point that is `recently_added`:
    an intruder who added it could lock the owner out.
    """
    values, secret, now = values or ChangedValues(), secrets.token_urlsafe(SECRET_BYTES), database_now()
    change = SecurityChange(
        subject=subject,
        kind=kind,
        device=device or device_of(context.request),
        at=now,
        undo_until=now + settings.UNDO_CHANGES_FOR,
        hash=hash_of(secret),
        field=values.contact.field if values.contact else "",
        new_contact=values.contact.pk if values.contact else None,
        new_factor=values.new_factor,
        former_contact=values.replaced.value if values.replaced else None,
        former_username=values.username,
        former_factor=values.former_factor,
    )
    change.save(force_insert=True)
    return UndoOffer(change, link_to("undo_change", secret))


def recently_added(subject_id: UUID) -> set[UUID]:
    """Return the contact points whose own addition can still be undone."""
    added = changes_to_undo(subject_id).values_list("new_contact", flat=True)
    return {contact for contact in added if contact is not None}


def changes_to_undo(subject_id: UUID) -> QuerySet[SecurityChange]:
    """Return a person's changes that can still be undone."""
    return SecurityChange.objects.filter(subject_id=subject_id, undone_at=None, undo_until__gt=Now())


def hash_of(secret: str) -> bytes:
    """Return the keyed hash under which a link's secret is stored."""
    return hmac.digest(system_key(UNDO_SYSTEM_KEY), secret.encode(), hashlib.sha256)


def notify(*, subject: DataSubject, template: str, words: dict[str, str], about: str = "") -> None:
    """Send a notice that offers no undo to every verified contact point of a person; `about` as in `send_notice`."""
    for contact in verified_contacts(subject.pk):
        _send(subject, contact, template, words, about=about)


def notify_undone(*, subject: DataSubject, removed: Iterable[ContactPoint]) -> None:
    """Notify every contact point, also the removed ones, that changes were undone and the account is locked."""
    words = {"at": database_now().isoformat(timespec="minutes"), "recover_url": link_to("recover")}
    for contact in (*verified_contacts(subject.pk), *removed):
        _send(subject, contact, "change_undone", words)


def _way_to_undo(contact: ContactPoint, offer: UndoOffer, values: ChangedValues, recent: set[UUID]) -> dict[str, str]:
    if values.is_lost and contact == values.replaced:
        return {"lost": "yes"}
    return {} if contact.pk in recent else offer.link


def _send(
    subject: DataSubject, contact: ContactPoint, template: str, words: dict[str, str], *, about: str = ""
) -> None:
    send_notice(
        subject=subject,
        channel=channel_of(contact),
        address=contact.value,
        template=template,
        language=get_language() or "en",
        context=words,
        about=about,
    )
