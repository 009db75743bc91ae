"""The name that an app gave its session, such as "Maria's phone": sealed under its person's key, whatever step waits.

A sign-in that waits for a step has a payload under a system key. What stands in it of a person must go with the
person's own key, so the name is sealed before it is kept.
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
from privacy.inventory.typed import is_visible

LONGEST_NAME = 60
# Normalising takes a time that grows with the square of a hostile text's length.
MOST_TYPED = 500
NAME_KEY = "session_name"
# Characters that Persian and Sinhala words and emoji are joined with.
_JOINERS = "\u200c\u200d"
_LEFT_OUT = ("Cc", "Cf", "Cn", "Co", "Cs")


def clean_session_name(text: str) -> str:
    """Return a name on one line, in NFC, without control, invisible or turning characters; empty where none is seen.

    Raises `ValidationError` for one that is too long.
    """
    typed = text[: MOST_TYPED + 1]
    kept = (" " if sign.isspace() else sign for sign in typed if sign.isspace() or not _is_left_out(sign))
    name = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    if len(typed) > MOST_TYPED or len(name) > LONGEST_NAME:
        raise ValidationError(_("Enter at most %(max)d characters."), "too_long", {"max": LONGEST_NAME})
    return name if any(is_visible(sign) for sign in name) else ""


def name_session(request: HttpRequest, subject_id: UUID, name: str) -> None:
    """Keep the cleaned name that an app gave the session in which this person signs in, in place of an earlier one."""
    request.session.pop(NAME_KEY, None)
    if not name:
        return
    with suppress(KeyDestroyed, KeyMissing):  # erased meanwhile: storing the session says so
        request.session[NAME_KEY] = seal(name, _place(subject_id)).hex()


def session_name(payload: Mapping[str, Any], subject_id: UUID) -> str:
    """Return the name in the payload of a person's session; empty where it has none, or one for somebody else."""
    try:
        return unseal(bytes.fromhex(payload.get(NAME_KEY, "")), _place(subject_id))
    except (CannotOpen, KeyDestroyed, KeyMissing, ValueError):
        return ""


def _is_left_out(sign: str) -> bool:
    return unicodedata.category(sign) in _LEFT_OUT and sign not in _JOINERS


def _place(subject_id: UUID) -> Place:
    # Of the person, not of one row: each step of a sign-in has a row of its own.
    return Place(Session._meta.db_table, NAME_KEY, str(subject_id), subject_id, RetentionClass.SIGN_IN)
