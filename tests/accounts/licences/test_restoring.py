"""A backup has the sealed files; after a restore deleted licences stay deleted, and lost ones are asked for again."""

import tarfile
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.licences.files import read_page
from accounts.licences.models import Licence
from accounts.licences.restoring import restore_licences
from accounts.licences.states import LicenceState, ReturnCode
from accounts.users.models import User
from portal.runtime.backups import licences
from privacy.encryption.keys import destroy_keys
from privacy.notices.models import Notice
from tests.buckets import BucketStorage
from tests.licences import enterprise, files, handed_in
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded


@pytest.fixture
def licence() -> Licence:
    enterprise()
    return handed_in()


def test_a_backup_copies_the_sealed_files_and_a_restore_stores_what_is_missing(licence, store: Path, tmp_path: Path):
    [page] = licence.pages.all()
    picture = read_page(page)
    (store / ".draft").write_bytes(b"half")
    assert licences.dump(tmp_path / "licences.tar") == 2
    (store / page.name).unlink()
    assert licences.restore(tmp_path / "licences.tar") == 1
    assert read_page(page) == picture
    assert (store / page.name).stat().st_mode & 0o077 == 0


def test_an_archive_writes_no_file_elsewhere(licence: Licence, store: Path, tmp_path: Path):
    (tmp_path / "evil").write_bytes(b"x")
    with tarfile.open(tmp_path / "licences.tar", "w") as archive:
        archive.add(tmp_path / "evil", arcname="../evil2")
    assert licences.restore(tmp_path / "licences.tar") == 0
    assert not (tmp_path / "evil2").exists()


def test_a_bucket_is_not_copied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("portal.runtime.backups.licences.licence_store", BucketStorage)
    assert licences.dump(tmp_path / "licences.tar") == 0
    assert licences.restore(tmp_path / "licences.tar") == 0
    assert not (tmp_path / "licences.tar").exists()


def test_a_licence_whose_key_was_destroyed_is_deleted_again(licence: Licence):
    destroy_keys([licence.pk])
    assert restore_licences() == 1
    assert not Licence.objects.exists()


@pytest.mark.parametrize("state", [LicenceState.IN_REVIEW, LicenceState.APPROVED])
def test_a_licence_whose_pictures_are_lost_is_asked_for_again(licence: Licence, store: Path, state: str):
    Licence.objects.update(state=state, decided_at=timezone.now(), expires_at=timezone.now())
    assert restore_licences() == 0
    for name in files():
        (store / name).unlink()
    assert restore_licences() == 1
    assert restore_licences() == 0
    licence.refresh_from_db()
    assert (licence.state, licence.code) == (LicenceState.RETURNED, ReturnCode.LOST)
    assert Notice.objects.filter(template="licence_returned").exists()
    person = client_of(User.objects.get())
    assert "We lost the pictures" in person.get("/settings/licence/").content.decode()
    assert handed_in().state == LicenceState.IN_REVIEW


def test_a_refused_one_stays_refused_without_its_pictures(licence: Licence, store: Path):
    Licence.objects.update(state=LicenceState.REFUSED, decided_at=timezone.now())
    for name in files():
        (store / name).unlink()
    assert restore_licences() == 0
    licence.refresh_from_db()
    assert licence.state == LicenceState.REFUSED
    assert not licence.pages.exists()
