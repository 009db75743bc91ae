"""Where the journal is stored: a folder, or a bucket that all hosts share. Objects are written as a whole.

The stored objects survive a host: segments of the journal, marks of a restore, lists of what a restore lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from privacy.journal.folders import FolderStorage

STORAGE = "journal"


class StoreUnreachable(OSError):
    """The bucket does not answer, or refuses access."""


class JournalStore:
    """The operations that folders and buckets share. Every method raises `OSError` if the store does not answer."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @property
    def is_local(self) -> bool:
        """Whether asking the store costs no call over the network."""
        return isinstance(self._storage, FileSystemStorage)

    @property
    def place(self) -> str:
        """The location of the store, for the operator."""
        if isinstance(self._storage, FileSystemStorage):
            return str(self._storage.location)
        return str(settings.JOURNAL_STORE or type(self._storage).__name__).partition("?")[0]

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none if it is missing."""
        with _reached():
            try:
                return sorted(self._storage.listdir(folder)[1])
            except FileNotFoundError:
                return []

    def exists(self, name: str) -> bool:
        """Whether the object exists."""
        with _reached():
            return bool(self._storage.exists(name))

    def read(self, name: str) -> bytes:
        """Return an object. Raises `FileNotFoundError`."""
        with _reached(), self._storage.open(name) as opened:
            return bytes(opened.read())

    def texts(self, name: str) -> Iterator[bytes]:
        """Yield the lines of an object that may be large. Raises `FileNotFoundError`."""
        with _reached(), self._storage.open(name) as opened:
            yield from opened

    def tail(self, name: str, most: int) -> bytes:
        """Return the last bytes of an object. Raises `FileNotFoundError`."""
        with _reached(), self._storage.open(name) as opened:
            opened.seek(max(0, opened.size - most))
            return bytes(opened.read())

    def write(self, name: str, content: bytes) -> None:
        """Store an object, and replace one of this name; it is stored durably when this returns."""
        with _reached():
            if self._storage.save(name, ContentFile(content)) != name:
                raise StoreUnreachable("the store does not replace objects: let its storage overwrite files")

    def delete(self, name: str) -> None:
        """Delete an object; it may be missing."""
        with _reached():
            self._storage.delete(name)


def journal_store() -> JournalStore:
    """Return the store that the settings name: `STORAGES["journal"]`, else the folder `ERASURE_JOURNAL`."""
    if STORAGE in settings.STORAGES:
        return JournalStore(storages[STORAGE])
    return _folder(Path(settings.ERASURE_JOURNAL))


@lru_cache(maxsize=1)
def _folder(path: Path) -> JournalStore:
    return JournalStore(FolderStorage(path))


@contextmanager
def _reached() -> Iterator[None]:
    """Turn every failure of a store into an `OSError`: the library of a bucket has its own errors."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise StoreUnreachable(type(error).__name__) from error
