"""Messages about a licence: what staff decided, that its business period ends, and that it is over."""

from django.utils import translation

from accounts.licences.models import Licence
from accounts.licences.states import LicenceState
from accounts.security_events.notices import notify
from privacy.consent.queries import language_of

APPROVED, RETURNED, REFUSED = "licence_approved", "licence_returned", "licence_refused"
EXPIRED, ENDING = "licence_expired", "licence_ending"
_TEMPLATES = {
    LicenceState.APPROVED: APPROVED,
    LicenceState.RETURNED: RETURNED,
    LicenceState.REFUSED: REFUSED,
    LicenceState.EXPIRED: EXPIRED,
}


def tell_state(licence: Licence) -> None:
    """Queue the message of a licence's new state to every contact point of its person, in their language."""
    _send(licence, _TEMPLATES[LicenceState(licence.state)], about=f"{licence.pk}:{licence.state}")


def tell_ending(licence: Licence, days: int) -> None:
    """Queue the reminder that a business period ends within some days."""
    _send(licence, ENDING, about=f"{licence.pk}:{days}")


def _send(licence: Licence, template: str, *, about: str) -> None:
    words = {"until": licence.expires_at.isoformat(timespec="minutes")} if licence.expires_at else {}
    # Of a returned one, the reason is on the page: a message holds no more than is needed.
    with translation.override(language_of(licence.subject_id)):
        notify(subject=licence.subject, template=template, words=words, about=about)
