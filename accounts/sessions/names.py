"""The name that an app gave its session, such as "Maria's phone", sealed under its person's key.

A sign-in that waits for a step has a payload under a system key. Destroying the person's key must destroy the name, so
it is sealed under that key before it is stored.
"""

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.sessions.models import Session
from privacy.encryption.keys import KeyDestroyed, KeyMissing
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import Place, seal, unseal
from privacy.inventory.retention_classes import RetentionClass
from privacy.inventory.typed import is_ignorable, is_visible, without_margin

LONGEST_NAME = 60
# The time to normalise a hostile text grows with the square of its length.
MOST_TYPED = 500
NAME_KEY = "session_name"
# Joiners of Persian and Sinhala words and of emoji.
_JOINERS = "\u200c\u200d"
_LEFT_OUT = ("Cc", "Cf", "Cn", "Co", "Cs")


class NamedGone(LookupError):
    """What is to get a name was removed in the meantime."""


def clean_session_name(text: str) -> str:
    """Return a name on one line, in NFC, without control, invisible or direction characters; empty where none is left.

    Raises `ValidationError` for one that is too long.
    """
    typed = text[: MOST_TYPED + 1]
    kept = (" " if sign.isspace() else sign for sign in typed if sign.isspace() or not _is_left_out(sign))
    name = without_margin(" ".join(unicodedata.normalize("NFC", "".join(kept)).split()))
    if len(typed) > MOST_TYPED or len(name) > LONGEST_NAME:
        raise ValidationError(_("Enter at most %(max)d characters."), "too_long", {"max": LONGEST_NAME})
    return name if any(is_visible(sign) for sign in name) else ""


def name_session(request: HttpRequest, subject_id: UUID, name: str) -> None:
    """Store the cleaned name of the session in which this person signs in; it replaces an earlier one."""
    request.session.pop(NAME_KEY, None)
    if not name:
        return
    with suppress(KeyDestroyed, KeyMissing):  # erased meanwhile: saving the session fails for it
        request.session[NAME_KEY] = seal(name, _place(subject_id)).hex()


def session_name(payload: Mapping[str, Any], subject_id: UUID) -> str:
    """Return the name in the payload of a person's session; empty without one, or with one of another person."""
    try:
        return unseal(bytes.fromhex(payload.get(NAME_KEY, "")), _place(subject_id))
    except (CannotOpen, KeyDestroyed, KeyMissing, ValueError):
        return ""


def _is_left_out(sign: str) -> bool:
    """Whether a sign is invisible: neither a joiner nor a selector of the variation of the sign before it."""
    category = unicodedata.category(sign)
    is_filler = is_ignorable(sign) and category != "Mn"
    return (category in _LEFT_OUT or is_filler) and sign not in _JOINERS


def _place(subject_id: UUID) -> Place:
    # By person, not by row: each step of a sign-in has its own row.
    return Place(Session._meta.db_table, NAME_KEY, str(subject_id), subject_id, RetentionClass.SIGN_IN)
