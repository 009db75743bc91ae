"""Sealed licences are in a folder, or in a bucket of S3 that the settings name."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from accounts.licences.files import StoreAway, read_page
from accounts.licences.leftovers import left_files, remove_left_files
from accounts.licences.services import delete_all
from accounts.users.models import User
from portal.settings.licences import licence_storage
from tests.licences import enterprise, files, handed_in

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(("named", "location"), [("", "/var/portal/licences"), ("/mnt/licences", "/mnt/licences")])
def test_without_a_bucket_they_are_in_a_folder(monkeypatch: pytest.MonkeyPatch, named: str, location: str):
    monkeypatch.setenv("LICENCE_STORE", named)
    entry = licence_storage(Path("/var/portal/licences"))["licences"]
    assert entry["BACKEND"] == "privacy.journal.folders.FolderStorage"
    assert entry["OPTIONS"] == {"location": location}


@pytest.mark.parametrize(
    "url", ["gs://licences", "s3:///x", "s3://key:a-password@licences/x", "s3://licences?endpoint=storage.example"]
)
def test_a_url_that_makes_no_sense_is_refused_by_the_name_of_its_variable(monkeypatch, url: str):
    monkeypatch.setenv("LICENCE_STORE", url)
    with pytest.raises(ImproperlyConfigured, match="LICENCE_STORE") as refused:
        licence_storage(Path("/var/portal/licences"))
    assert "a-password" not in str(refused.value)


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server that speaks S3, on this machine, and the licences in a bucket of it."""
    server_module = pytest.importorskip("moto.server")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"s3://journal/licences?endpoint=http://{host}:{port}&region=us-east-1"
    monkeypatch.setenv("LICENCE_STORE", url)
    settings.STORAGES = settings.STORAGES | licence_storage(Path("/nowhere"))
    storage = storages["licences"]
    storage.bucket.create()
    yield storage
    storage.connection.meta.client.close()
    server.stop()


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_licence_is_stored_read_and_deleted_in_a_bucket_of_s3(s3: Any):
    enterprise()
    user = User.objects.get()
    [page] = handed_in().pages.all()
    assert read_page(page).startswith(b"\xff\xd8\xff")
    assert [each.key for each in s3.bucket.objects.all()] == [f"licences/{page.name}"]
    assert left_files(older_than=dt.timedelta(days=-1)) == []
    s3.bucket.put_object(Key="licences/left", Body=b"sealed")
    assert left_files(older_than=dt.timedelta(days=-1)) == ["left"]
    assert remove_left_files() == 0
    delete_all(subject=user.subject)
    assert files() == {"left"}


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bucket_that_is_missing_is_a_store_that_is_away(s3: Any):
    enterprise()
    s3.bucket.delete()
    with pytest.raises(StoreAway):
        handed_in()
