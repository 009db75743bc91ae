"""`Idempotency-Key`: a retry gets the answer of the first request, and has no second effect."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from privacy.encryption.keys import KeyDestroyed, system_key
from privacy.encryption.sealing import Place, seal, seal_for_system, unseal, unseal_for_system
from privacy.inventory.retention_classes import RetentionClass
from privacy.rest.models import AnsweredRequest
from privacy.rest.problems import IN_PROGRESS, KEY_INVALID, KEY_REUSED, NOT_SIGNED_IN, Problem

# One key seals the answers, another finds them: each key has one use (NIST SP 800-57).
SYSTEM_KEY, INDEX_KEY = "retries", "retry-index"
KEPT_FOR = timedelta(hours=24)
# Longer than any request takes: afterwards its worker has died, and a retry may take its place.
ABANDONED_AFTER = timedelta(minutes=2)
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Content-Language", "WWW-Authenticate")
# A random UUID has 32 hexadecimal digits; one in twenty million of them has fewer than eight different ones.
RANDOM_LENGTH, RANDOM_SIGNS = 32, 8
_KEY = re.compile(r"[!-~]{16,255}")
# These say that nothing was done yet: the same request may succeed later.
_NOT_FINAL = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


def answer_once(
    request: HttpRequest, key: str, answer: Callable[[], HttpResponse], *, holds_secret: bool = False
) -> HttpResponse:
    """Return what `answer()` returns, or what it returned to the first request with this key.

    A request without a token has no known sender. It gets the first answer only if its body or key `holds_secret`,
    such as a password, that no other sender has; otherwise the key is ignored.

    Raises `Problem` for a malformed key, a key of another request, a key whose first request is still running, and a
    token that has ended since.
    """
    if not _KEY.fullmatch(key):
        raise Problem(KEY_INVALID)
    caller = _caller(request, key)
    if not caller and not holds_secret:
        return answer()
    row, is_first = _claim(request, caller or _anonymous(request), key)
    if not is_first:
        return _replayed(row, request)
    token = request.session.session_key
    try:
        response = answer()
    except BaseException:
        _forget(row)
        raise
    if getattr(request, "is_worth_keeping", True) and _is_final(response, is_anonymous=not caller):
        _keep(row, request, response, token_lives=request.session.session_key == token)
    else:
        _forget(row)
    return response


def is_random(key: str) -> bool:
    """Whether a key looks as if no other sender has it: as long as a UUID without dashes, and of many signs."""
    return len(key) >= RANDOM_LENGTH and len(set(key)) >= RANDOM_SIGNS


def forget_expired_answers() -> int:
    """Delete the answers that are older than a day; return how many."""
    return AnsweredRequest.objects.filter(expires_at__lt=Now()).delete()[0]


def submission_of(request: HttpRequest) -> bytes | None:
    """Return 16 bytes that identify this request and its retries, or None if it has no key."""
    key = request.headers.get("Idempotency-Key")
    return _hash(_caller(request, key) or _anonymous(request), key)[:16] if key else None


def _is_final(response: HttpResponse, *, is_anonymous: bool) -> bool:
    """Whether a retry gets this answer again; a refusal of an anonymous request is not kept."""
    if is_anonymous:
        return response.status_code < HTTPStatus.BAD_REQUEST
    return response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and response.status_code not in _NOT_FINAL


def _claim(request: HttpRequest, caller: str, key: str) -> tuple[AnsweredRequest, bool]:
    now = timezone.now()
    row = AnsweredRequest(
        pk=_hash(caller, key),
        request=_hash(request.method or "", request.get_full_path(), request.body.hex()),
        expires_at=now + KEPT_FOR,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _earlier(row)
    return row, True


def _earlier(row: AnsweredRequest) -> tuple[AnsweredRequest, bool]:
    now = timezone.now()
    same = AnsweredRequest.objects.filter(pk=row.pk)
    earlier = same.first()
    if earlier is None or earlier.expires_at < now:
        raise Problem(IN_PROGRESS, headers={"Retry-After": "1"})
    if bytes(earlier.request) != row.request:
        raise Problem(KEY_REUSED)
    if earlier.answer is not None:
        return earlier, False
    abandoned = same.filter(answer__isnull=True, begun_at__lt=now - ABANDONED_AFTER)
    if not abandoned.update(begun_at=now):
        raise Problem(IN_PROGRESS, headers={"Retry-After": "1"})
    return earlier, True


def _keep(row: AnsweredRequest, request: HttpRequest, response: HttpResponse, *, token_lives: bool) -> None:
    subject = _subject_of(request)
    kept = {
        # A retry of a cancellation or a new password comes with the token that the request ended.
        "needs_token": token_lives and subject is not None,
        "status": response.status_code,
        "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
        "body": response.content.decode(),
    }
    row.subject_id = subject
    try:
        with transaction.atomic():
            answered = AnsweredRequest.objects.filter(pk=row.pk)
            answered.update(answer=_sealed(json.dumps(kept), row), subject_id=row.subject_id)
    except (IntegrityError, KeyDestroyed):
        # The person was erased during the request (cooling-off of zero): they get the answer, and it is not kept.
        _forget(row)


def _replayed(row: AnsweredRequest, request: HttpRequest) -> HttpResponse:
    kept = json.loads(_opened(row))
    if kept.get("needs_token") and _subject_of(request) != row.subject_id:
        raise Problem(NOT_SIGNED_IN)
    response = HttpResponse(kept["body"], status=kept["status"], headers=kept["headers"])
    response["Idempotency-Replayed"] = "true"
    return response


def _sealed(answer: str, row: AnsweredRequest) -> bytes:
    """Return an answer sealed under the key of the person concerned, so that it is destroyed with that key."""
    if row.subject_id is None:
        return seal_for_system(answer.encode(), SYSTEM_KEY, bytes(row.pk).hex())
    return seal(answer, _place(row))


def _opened(row: AnsweredRequest) -> str:
    sealed = bytes(row.answer or b"")
    if row.subject_id is None:
        return unseal_for_system(sealed, SYSTEM_KEY, bytes(row.pk).hex()).decode()
    return unseal(sealed, _place(row))


def _place(row: AnsweredRequest) -> Place:
    key = bytes(row.pk).hex()
    return Place(AnsweredRequest._meta.db_table, "answer", key, cast("UUID", row.subject_id), RetentionClass.SIGN_IN)


def _subject_of(request: HttpRequest) -> UUID | None:
    subject = getattr(request, "data_subject", None)
    return subject.pk if subject else None


def _forget(row: AnsweredRequest) -> None:
    AnsweredRequest.objects.filter(pk=row.pk).delete()


def _caller(request: HttpRequest, key: str) -> str:
    """Return what identifies a caller: a token that opens a session, or did when it came with this key; else empty.

    An invented token identifies no one: others may invent the same.
    """
    token = request.headers.get("Authorization", "")
    known = token and (request.session.keys() or AnsweredRequest.objects.filter(pk=_hash(token, key)).exists())
    return token if known else ""


def _anonymous(request: HttpRequest) -> str:
    return f"{request.network}|{request.body.hex()}"  # type: ignore[attr-defined]  # middleware sets it


def _hash(*parts: str) -> bytes:
    # Every part's length is hashed, too, so that no two lists of parts are equal.
    message = "|".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(system_key(INDEX_KEY), message.encode(), hashlib.sha256)
