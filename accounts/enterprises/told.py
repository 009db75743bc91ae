"""Messages of enterprises: the invitation, and what changed, to the person concerned and to the owners."""

from enum import StrEnum

from django.utils import translation
from django.utils.translation import get_language

from accounts.contact_points.services import channel_of_value
from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import owners_of
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify
from accounts.security_events.services import record_event
from privacy.consent.queries import language_of
from privacy.jurisdictions.site import link_to
from privacy.notices.services import send_notice
from privacy.subjects.models import DataSubject

INVITED, TO_MEMBER, TO_OWNERS = "enterprise_invitation", "membership_changed", "members_changed"
_Kind = SecurityEvent.Kind


class Change(StrEnum):
    """What happened to a membership."""

    JOINED = "joined"
    ENDED = "ended"
    ROLE = "role"
    OFFERED = "offered"


_EVENTS = {
    Change.JOINED: (_Kind.ENTERPRISE_JOINED, _Kind.MEMBER_JOINED),
    Change.ENDED: (_Kind.ENTERPRISE_LEFT, _Kind.MEMBER_LEFT),
    Change.ROLE: (_Kind.ENTERPRISE_ROLE, _Kind.MEMBER_ROLE),
}


def send_invitation(invitation: Invitation, *, address: str, token: str) -> None:
    """Write to the invited address, known or not, in the language of the inviter.

    The message does not name the enterprise: its name is free text, and would reach whom a stranger chooses.
    """
    send_notice(
        subject=None,
        channel=channel_of_value(address),
        address=address,
        template=INVITED,
        language=get_language() or "en",
        context={"jurisdiction": invitation.enterprise.jurisdiction, "read_url": link_to("join_enterprise", token)},
        about=str(invitation.pk),
    )
    record_event(invitation.enterprise_id, _Kind.MEMBER_INVITED)


def tell_change(membership: Membership, change: Change) -> None:
    """Record a change for the member and for the enterprise, and write to both and to the other owners.

    Nothing is recorded about one of them who is erased: a legal hold can keep a membership.
    """
    of_member, of_enterprise = _EVENTS.get(change, (None, None))
    words = {"what": change.value, "role": membership.role}
    about = f"{membership.pk}:{change}:{membership.role}"
    _tell(membership.subject, TO_MEMBER, words, about, of_member)
    _tell(membership.enterprise, TO_OWNERS, words, about, of_enterprise)
    others = owners_of(membership.enterprise_id).exclude(pk=membership.pk).select_related("subject")
    for owner in others:
        _tell(owner.subject, TO_OWNERS, words, about)


def _tell(
    subject: DataSubject, template: str, words: dict[str, str], about: str, event: SecurityEvent.Kind | None = None
) -> None:
    if subject.erased_at is not None:
        return
    if event:
        record_event(subject.pk, event)
    with translation.override(language_of(subject.pk)):
        notify(subject=subject, template=template, words=words, about=about)
