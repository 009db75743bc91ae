"""File a request that came by a page or an app, for a stranger or for the person who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from privacy.inventory.country_of_person import country_of
from privacy.inventory.typed import half_width
from privacy.notices.addresses import ContactAddress, own_addresses_of
from privacy.rights.choices import About, Contact, Proof
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.limits import count_code
from privacy.rights.services import Asked, Asker, Filed, file_request
from privacy.subjects.freshness import is_fresh_sign_in
from privacy.subjects.models import DataSubject


@dataclass(frozen=True)
class Known:
    """What the portal knows of a signed-in person, and does not ask: verified addresses and the country."""

    subject: DataSubject | None = None
    addresses: tuple[ContactAddress, ...] = ()
    country: str = ""


def known_of(http: HttpRequest) -> Known:
    """Return what is known of the person who is signed in; nothing of a stranger."""
    if not http.user.is_authenticated:
        return Known()
    subject: DataSubject = http.data_subject  # type: ignore[attr-defined]
    return Known(subject, tuple(own_addresses_of(subject)), country_of(subject.pk) or "")


def channel_of(typed: str) -> str:
    """Return how a typed address is reached: by e-mail if it has an @, else by SMS."""
    return Contact.EMAIL if "@" in half_width(typed) else Contact.SMS


def file_for(
    http: HttpRequest,
    *,
    known: Known,
    items: Sequence[Asked],
    reached: ContactAddress,
    country: str,
    channel: str,
    about: str = About.SELF,
) -> Filed:
    """File a request. A fresh sign-in is proof at once.

    Of a person whose address is not verified, only a fresh sign-in makes the request theirs: a code to that address
    would say nothing of their account. Raises as `file_request`, and `RateLimited` for the code.
    """
    is_fresh = is_fresh_sign_in(http)
    is_theirs = known.subject is not None and (is_fresh or reached in known.addresses)
    if not (is_theirs and is_fresh):
        count_code(http, reached.value)
    return file_request(
        items=items,
        asker=Asker(
            country=country,
            language=get_language() or settings.LANGUAGE_CODE,
            contact=reached.channel,
            address=reached.value,
            zones=_own_zone(known),
            about=about,
        ),
        channel=channel,
        subject=known.subject if is_theirs else None,
        proof=Proof.SIGN_IN if is_theirs and is_fresh else "",
    )


def may_sign_in_for(http: HttpRequest, request: RightsRequest) -> bool:
    """Whether the person who is signed in can prove a request: it is theirs, or answered to an address of theirs.

    Else a stranger could file a request, and have somebody else prove it for them.
    """
    if not http.user.is_authenticated:
        return False
    subject: DataSubject = http.data_subject  # type: ignore[attr-defined]
    if request.subject_id is not None:
        return request.subject_id == subject.pk
    return ContactAddress(request.contact, str(request.address)) in own_addresses_of(subject)


def _own_zone(known: Known) -> frozenset[str]:
    """Return the time zone that the signed-in person chose; nothing where none is known."""
    present = timezone.get_current_timezone_name()
    return frozenset({present} if known.subject and present != settings.TIME_ZONE else ())
