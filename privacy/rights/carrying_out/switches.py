"""Withdrawal, objection and correction (GDPR art. 7(3), 21 and 16; PIPL art. 15, 44 and 46).

The portal turns off optional uses, as the person can in the settings. A member of staff does all else.
"""

from django.conf import settings
from django.utils.translation import override

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import NoConsent, switch_purpose
from privacy.inventory.purposes import optional_purposes
from privacy.rights.choices import Channel, ItemState, PortalAnswer, Proof
from privacy.rights.models.requests import RequestItem
from privacy.rights.states.moving import Decision

_CHANNELS = {Channel.PAGE: ConsentRecord.Channel.WEB, Channel.REST: ConsentRecord.Channel.REST}


def withdraw(item: RequestItem) -> tuple[str, Decision]:
    """Turn off every optional purpose: the consent that can be withdrawn without leaving."""
    assert item.request.subject_id is not None  # noqa: S101 - for the type checker
    for key in purposes_in_force(item.request.subject_id):
        _switch_off(item, key)
    return ItemState.DONE, Decision(answer=PortalAnswer.SWITCHED_OFF)


def object_to(item: RequestItem) -> tuple[str, Decision]:
    """Turn off the optional purposes that the person names; an objection to anything else is for staff."""
    named = purposes_named_in(str(item.text or ""))
    for key in named:
        _switch_off(item, key)
    if not named:
        return ItemState.WITH_STAFF, Decision()
    return ItemState.DONE, Decision(answer=PortalAnswer.OBJECTED)


def correct(item: RequestItem) -> tuple[str, Decision]:
    """Say how to correct one's data, to a signed-in person who asks for nothing in particular; else staff read it."""
    if not item.text and item.request.proof == Proof.SIGN_IN:
        return ItemState.DONE, Decision(answer=PortalAnswer.CORRECT_YOURSELF)
    return ItemState.WITH_STAFF, Decision()


def purposes_named_in(text: str) -> list[str]:
    """Return the optional purposes whose key or label, in a language of the portal, is all that a text says.

    Words around a label may turn its meaning, so that a member of staff reads them.
    """
    said = _plain(text)
    return [purpose.key for purpose in optional_purposes() if said and said in _names_of(purpose.key, purpose.label)]


def _names_of(key: str, label: object) -> set[str]:
    names = {_plain(key), _plain(key.replace("_", " "))}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(_plain(str(label)))
    return names


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .!。！").casefold()


def _switch_off(item: RequestItem, key: str) -> None:
    subject = item.request.subject
    assert subject is not None  # noqa: S101 - for the type checker
    channel = _CHANNELS.get(Channel(item.request.channel), ConsentRecord.Channel.OPERATOR)
    try:
        switch_purpose(subject=subject, key=key, on=False, channel=channel)
    except NoConsent:  # staff never agreed to anything: nothing is on
        return
