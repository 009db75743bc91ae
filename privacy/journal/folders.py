"""A folder as a store: a file appears whole or not at all, is on the disk when `save` returns, and only we read it."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """Django's folder, as strict as a bucket: writing replaces the whole file; what cannot be looked at is an error."""

    def __init__(self, location: str | Path) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def exists(self, name: str) -> bool:
        """Whether there is such a file. Raises `OSError` where that cannot be known."""
        try:
            os.stat(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        for folder in (Path(self.location), path.parent):  # the mode counts for the last folder of a path only
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
    """Write a new file that only this user reads, and wait until the disk has it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        data = memoryview(content)
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's entries, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
