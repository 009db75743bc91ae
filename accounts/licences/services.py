"""Hand in a licence and delete it (clause 1.1.2 of the sample policy)."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.licences.files import delete_files, store_page
from accounts.licences.models import RETENTION_CLASS, Licence, LicencePage
from accounts.licences.moving import delete_licences, replace
from accounts.licences.queries import is_enterprise, licences_of, same_file
from accounts.licences.states import LEFT_BY_A_NEW_ONE
from privacy.encryption.fields import blind_index
from privacy.encryption.keys import create_keys, destroy_keys
from privacy.evidence.clock import database_now
from privacy.pictures.making import Picture, make_pictures
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

# Each takes memory and a processor for some seconds.
MOST_DRAWINGS = 2
RETRY_SECONDS = 10
BUSY = _("Other licences are being read at the moment. Wait some seconds, and upload the file again.")
_drawings = BoundedSemaphore(MOST_DRAWINGS)


class NotAnEnterprise(Exception):
    """Only enterprises hand in a licence."""


class TooManyDrawings(Exception):
    """This process draws as many files as it may at once: try again in `RETRY_SECONDS`."""


def hand_in(*, subject: DataSubject, data: bytes) -> Licence:
    """Store new pictures of a licence for a review, and return it; the same file again returns what it became.

    It takes the place of what is in review. An approved one stays in force until the new one is decided. The file
    itself is not kept. Raises `NotAnEnterprise`, `FileRefused`, `TooManyDrawings`, `StoreAway`.
    """
    if not is_enterprise(subject.pk):
        raise NotAnEnterprise("Only enterprises hand in a licence.")
    fingerprint = _fingerprint(subject, data)
    if same := same_file(subject.pk, fingerprint):
        return same
    with _one_of_few():
        pictures = make_pictures(data)
    licence = Licence(subject=subject, fingerprint=fingerprint)
    create_keys(licence.pk, [RETENTION_CLASS])
    pages = [LicencePage(licence=licence, number=number) for number in range(1, len(pictures) + 1)]
    try:
        stored = _store(licence, pages, pictures)
    except BaseException:
        _drop(licence, pages)
        raise
    if stored != licence:
        _drop(licence, pages)
    return stored


def delete_all(*, subject: DataSubject) -> bool:
    """Delete every licence of a person with its pictures and keys; return whether there was one."""
    with transaction.atomic():
        lock_subjects([subject.pk])
        found = list(licences_of(subject.pk).values_list("pk", flat=True))
        delete_licences(found)
    return bool(found)


def _store(licence: Licence, pages: Sequence[LicencePage], pictures: Sequence[Picture]) -> Licence:
    """Store the files, then the rows; return the licence, or the same file that another request stored meanwhile."""
    for page, picture in zip(pages, pictures, strict=True):
        store_page(page, picture)
    with transaction.atomic():
        lock_subjects([licence.subject_id])
        if same := same_file(licence.subject_id, bytes(licence.fingerprint)):
            return same
        for earlier in licences_of(licence.subject_id).filter(state__in=LEFT_BY_A_NEW_ONE):
            replace(earlier)
        licence.due_at = database_now() + settings.LICENCE_REVIEW_WITHIN
        licence.save(force_insert=True)
        for page in pages:
            page.save(force_insert=True)
    licence.refresh_from_db()
    return licence


def _drop(licence: Licence, pages: Sequence[LicencePage]) -> None:
    """Remove what belongs to no row; where that fails, the sweep does it."""
    destroy_keys([licence.pk])
    delete_files(page.name for page in pages if page.name)


def _fingerprint(subject: DataSubject, data: bytes) -> bytes:
    return blind_index(hashlib.sha256(data).hexdigest(), f"licence:{subject.pk}")


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _drawings.acquire(blocking=False):
        raise TooManyDrawings("Too many files are drawn at once.")
    try:
        yield
    finally:
        _drawings.release()
