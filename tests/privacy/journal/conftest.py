"""The two kinds of store: a folder, and one that behaves like a bucket."""

from typing import Any

import pytest
from django.core.files.storage import storages

from privacy.journal.maintenance import forget_answer
from privacy.journal.store import JournalStore, journal_store
from tests.buckets import BucketStorage


@pytest.fixture
def bucket(settings: Any) -> BucketStorage:
    """The journal is in a bucket."""
    settings.STORAGES = settings.STORAGES | {"journal": {"BACKEND": "tests.buckets.BucketStorage"}}
    forget_answer()
    found = storages["journal"]
    assert isinstance(found, BucketStorage)
    return found


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> JournalStore:
    """The journal is in a folder, then in a bucket."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return journal_store()
