"""Where the settings let the journal lie: a folder or a bucket, one of them, and nothing that makes no sense."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from portal.settings.journal import journal_places, journal_storage
from privacy.erasure.replay import replay_erasures
from privacy.journal.maintenance import why_in_maintenance
from privacy.journal.services import journal_chains, write_journal
from privacy.journal.store import StoreUnreachable
from tests.erasures import erase, usable_keys
from tests.factories import make_person
from tests.privacy.erasure.restores import restored_after

BUCKET = "s3://evidence/portal/journal?endpoint=http://127.0.0.1:9000&region=eu-central-1"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("JOURNAL_STORE", "ERASURE_JOURNAL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["JOURNAL_STORE", "ERASURE_JOURNAL"])
def test_a_folder_may_be_named_by_either_variable(monkeypatch, tmp_path: Path, name: str):
    monkeypatch.setenv(name, str(tmp_path / "there"))
    assert journal_places(tmp_path / "usual") == ("", tmp_path / "there")


def test_without_a_name_it_is_where_it_always_was(tmp_path: Path):
    assert journal_places(tmp_path / "usual") == ("", tmp_path / "usual")
    assert journal_storage("") == {}


def test_two_places_are_refused(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("JOURNAL_STORE", BUCKET)
    monkeypatch.setenv("ERASURE_JOURNAL", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="JOURNAL_STORE and ERASURE_JOURNAL both name"):
        journal_places(tmp_path)


def test_a_bucket_is_named_by_one_url_and_opened_by_keys_from_files(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("JOURNAL_STORE", BUCKET)
    (tmp_path / "secret").write_text("a-secret\n")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    store, _folder = journal_places(tmp_path)
    options = journal_storage(store)["journal"]["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("evidence", "portal/journal")
    assert (options["endpoint_url"], options["region_name"]) == ("http://127.0.0.1:9000", "eu-central-1")
    assert (options["access_key"], options["secret_key"]) == ("portal", "a-secret")


@pytest.mark.parametrize(
    "url",
    [
        "gs://evidence/portal",
        "s3:///portal",
        "s3://key:a-password@evidence/portal",
        "s3://evidence/portal?acl=public-read",
        "s3://evidence/portal?endpoint=storage.example",
    ],
)
def test_a_url_that_makes_no_sense_is_refused_by_the_variable_s_name_and_not_repeated(url: str):
    with pytest.raises(ImproperlyConfigured, match="JOURNAL_STORE") as refused:
        journal_storage(url)
    assert "a-password" not in str(refused.value)


def test_without_the_libraries_of_a_bucket_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setattr("portal.settings.stores.find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements-s3\.txt"):
        journal_storage(BUCKET)


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server that speaks S3, on this machine, and the journal in a bucket of it."""
    server_module = pytest.importorskip("moto.server")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    entry = journal_storage(f"s3://evidence/portal?endpoint=http://{host}:{port}&region=us-east-1")
    settings.STORAGES = settings.STORAGES | entry
    storage = storages["journal"]
    storage.bucket.create()
    yield storage
    storage.connection.meta.client.close()
    server.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_journal_is_written_read_and_replayed_in_a_bucket_of_s3(s3: Any):
    gone, other = make_person(), make_person()
    write_journal()
    with restored_after():
        erase(gone)
    assert "restored from an older backup" in why_in_maintenance()
    assert replay_erasures().erased == 1
    assert usable_keys(gone) == []
    assert usable_keys(other) != []
    assert why_in_maintenance() == ""
    for chain in journal_chains():
        chain.verify()
    keys = [each.key for each in s3.bucket.objects.all()]
    assert "portal/identity" in keys
    assert "portal/erasures/0001-complete" in keys


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bucket_that_refuses_or_is_missing_is_an_unreachable_store(s3: Any):
    s3.bucket.objects.all().delete()
    s3.bucket.delete()
    with pytest.raises(StoreUnreachable):
        write_journal()
