"""A folder as a store: a file appears as a whole, is on disk when `save` returns, and only this user can read it."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """Django's folder, as strict as a bucket: a write replaces the whole file, and a failed check is an error."""

    def __init__(self, location: str | Path) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def exists(self, name: str) -> bool:
        """Whether the file exists. Raises `OSError` if that cannot be known."""
        try:
            os.stat(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        for folder in (Path(self.location), path.parent):  # the mode applies to the last folder of a path only
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            write_for_good(draft, content.read())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name


def write_for_good(path: Path, content: bytes) -> None:
    """Write a new file that only this user can read, and wait until it is on disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        data = memoryview(content)
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
