"""The sealed files of licences: a folder, or a bucket that every host reaches (`LICENCE_STORE`)."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from accounts.licences.models import LicencePage
from privacy.encryption.sealing import seal_bytes, unseal_bytes
from privacy.pictures.making import Picture

STORAGE = "licences"


class FileGone(Exception):
    """The sealed file of a page is missing, or is not the one that was stored."""


class StoreAway(OSError):
    """The store does not answer, or refuses access."""


def licence_store() -> Storage:
    """Return the store of the sealed files."""
    return storages[STORAGE]


def store_page(page: LicencePage, picture: Picture) -> None:
    """Seal a picture under the licence's key, store it under a random name, and note what it is in its row.

    Raises `StoreAway`.
    """
    sealed = seal_bytes(picture.data, page.place)
    page.content_type, page.width, page.height = picture.content_type, picture.width, picture.height
    page.size, page.picture_digest = len(picture.data), hashlib.sha256(picture.data).hexdigest()
    page.sealed_digest = hashlib.sha256(sealed).hexdigest()
    with _reached():
        page.name = licence_store().save(secrets.token_hex(16), ContentFile(sealed))


def read_page(page: LicencePage) -> bytes:
    """Return the bytes of a page's picture. Raises `FileGone`, `StoreAway`, `KeyDestroyed`."""
    try:
        with _reached(), licence_store().open(page.name) as opened:
            sealed = opened.read()
    except FileNotFoundError:
        raise FileGone("The file of this page is missing.") from None
    if hashlib.sha256(sealed).hexdigest() != page.sealed_digest:
        raise FileGone("The file of this page is not the one that was stored.")
    return unseal_bytes(sealed, page.place)


def delete_files(names: Iterable[str]) -> None:
    """Delete sealed files; they may be missing. Raises `StoreAway`."""
    for name in names:
        with _reached():
            licence_store().delete(name)


def stored_names() -> list[str]:
    """Return the names of all sealed files; none where nothing was stored yet. Raises `StoreAway`."""
    with _reached():
        try:
            return list(licence_store().listdir("")[1])
        except FileNotFoundError:
            return []


@contextmanager
def _reached() -> Iterator[None]:
    """Turn every failure of a store but a missing file into `StoreAway`: the library of a bucket has its own errors."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        raise StoreAway(type(error).__name__) from error
