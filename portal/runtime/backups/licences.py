"""Copies the folder of sealed licences into a backup of the data, as one file, and back.

A bucket is not copied: its operator versions or copies it.
"""

import io
import tarfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from accounts.licences.files import licence_store, stored_names


def dump(target: Path) -> int:
    """Write the sealed files into an archive; return how many. Nothing is written for a bucket.

    Call it after the database is dumped: a file without a row is removed by the sweep, a row without its file is lost.
    """
    store = licence_store()
    if not isinstance(store, FileSystemStorage):
        return 0
    count = 0
    with tarfile.open(target, "w") as archive:
        for name in stored_names():
            try:
                content = Path(store.path(name)).read_bytes()
            except FileNotFoundError:  # deleted meanwhile
                continue
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
            count += 1
    return count


def restore(source: Path) -> int:
    """Store the files of an archive that are missing; return how many. A backup of an earlier release has none."""
    store = licence_store()
    if not source.exists() or not isinstance(store, FileSystemStorage):
        return 0
    present, count = set(stored_names()), 0
    with tarfile.open(source) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            # A name with a folder was never stored.
            if content is not None and Path(entry.name).name == entry.name and entry.name not in present:
                store.save(entry.name, ContentFile(content.read()))
                count += 1
    return count
