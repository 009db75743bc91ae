"""Settings of business licences: where their sealed pictures are."""

from pathlib import Path
from typing import Any

from portal.settings.environment import env
from portal.settings.stores import bucket_storage


def licence_storage(folder: Path) -> dict[str, Any]:
    """Return the entry of `STORAGES`: a bucket where `LICENCE_STORE` names one, else a folder, by default `folder`.

    Raises `ImproperlyConfigured`.
    """
    named = env.str("LICENCE_STORE", default="")
    if "://" in named:
        return {"licences": bucket_storage("LICENCE_STORE", named)}
    location = str(Path(named or folder).resolve())
    return {"licences": {"BACKEND": "privacy.journal.folders.FolderStorage", "OPTIONS": {"location": location}}}
