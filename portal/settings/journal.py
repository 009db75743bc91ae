"""Settings of the journal's store."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env
from portal.settings.stores import bucket_storage


def journal_places(folder: Path) -> tuple[str, Path]:
    """Return `JOURNAL_STORE` if it names a bucket, else empty text, and the journal's folder.

    Raises `ImproperlyConfigured` where the environment names two places.
    """
    store, named = env.str("JOURNAL_STORE", default=""), env.str("ERASURE_JOURNAL", default="")
    if store and named:
        raise ImproperlyConfigured(
            "JOURNAL_STORE and ERASURE_JOURNAL both name the place of the journal. Set only one of them."
        )
    if "://" in store:
        return store, folder
    return "", Path(store or named or folder).resolve()


def journal_storage(url: str) -> dict[str, Any]:
    """Return the entry of `STORAGES` for a bucket, empty without a URL. Raises `ImproperlyConfigured`."""
    return {"journal": bucket_storage("JOURNAL_STORE", url)} if url else {}
