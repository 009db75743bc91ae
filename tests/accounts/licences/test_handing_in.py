"""A licence is handed in, stored as sealed pictures only, replaced and deleted; nothing is left of what is gone."""

import hashlib
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.licences import services
from accounts.licences.files import FileGone, read_page, store_page
from accounts.licences.leftovers import LEFT_AFTER, destroy_orphaned_keys, late_files, remove_left_files
from accounts.licences.models import Licence, LicencePage
from accounts.licences.moving import MoveRefused, move
from accounts.licences.services import NotAnEnterprise, TooManyDrawings, hand_in
from accounts.licences.states import MOVES, LicenceState
from accounts.users.models import User
from privacy.encryption.keys import destroy_keys, forget_keys
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.models import DataKey
from privacy.encryption.sealing import Place, unseal_bytes
from privacy.erasure.erasing import erase_due_accounts
from privacy.pictures.making import REASONS, FileRefused
from tests.erasures import end, erase, held
from tests.factories import make_person
from tests.licences import enterprise, files, handed_in, photo, usable_licence_keys
from tests.privacy.pictures.files import pdf
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded


@pytest.fixture
def user() -> User:
    """An enterprise."""
    enterprise()
    return User.objects.get()


@pytest.fixture
def client(user: User) -> Client:
    """Its browser, signed in."""
    return client_of(user)


def approved(licence: Licence) -> Licence:
    licence.state, licence.decided_at = LicenceState.APPROVED, timezone.now()
    licence.save()
    return licence


def test_only_sealed_pictures_are_stored(user: User, store: Path):
    licence = handed_in()
    [page] = licence.pages.all()
    sealed = (store / page.name).read_bytes()
    picture = read_page(page)
    assert picture.startswith(b"\xff\xd8\xff")
    assert picture[100:200] not in sealed
    assert photo()[100:200] not in sealed
    assert page.picture_digest == hashlib.sha256(picture).hexdigest()
    assert (page.width, page.height, page.size) == (401, 300, len(picture))
    assert (store / page.name).stat().st_mode & 0o077 == 0
    assert licence.state == LicenceState.IN_REVIEW
    assert licence.due_at > licence.handed_in_at


def test_a_sealed_page_opens_at_its_own_place_only(user: User, store: Path):
    licence = handed_in()
    [page] = licence.pages.all()
    sealed = (store / page.name).read_bytes()
    with pytest.raises(CannotOpen):
        unseal_bytes(sealed, Place(*page.place[:2], "0" * 32, *page.place[3:]))
    (store / page.name).write_bytes(sealed[:-1])
    with pytest.raises(FileGone):
        read_page(page)


def test_the_same_file_again_changes_nothing(user: User):
    assert handed_in() == handed_in()
    assert Licence.objects.count() == 1
    assert len(files()) == 1
    assert len(usable_licence_keys()) == 1


def test_individuals_hand_in_nothing():
    person = make_person()
    with pytest.raises(NotAnEnterprise):
        hand_in(subject=person.subject, data=photo())


@pytest.mark.django_db(transaction=True)
def test_a_new_one_replaces_what_is_in_review_with_its_files_and_key(user: User):
    first, before = handed_in(1), files()
    second = handed_in(2)
    first.refresh_from_db()
    assert first.state == LicenceState.REPLACED
    assert not first.pages.exists()
    assert files().isdisjoint(before)
    assert usable_licence_keys() == {second.pk}


def test_a_new_one_leaves_an_approval_in_force(user: User):
    first = approved(handed_in(1))
    handed_in(2)
    first.refresh_from_db()
    assert first.state == LicenceState.APPROVED
    assert first.pages.exists()


def test_a_refused_file_is_not_reviewed_again(user: User):
    licence = handed_in()
    licence.state, licence.decided_at = LicenceState.REFUSED, timezone.now()
    licence.save()
    assert handed_in() == licence
    assert handed_in(2).state == LicenceState.IN_REVIEW


def test_a_failed_upload_leaves_neither_file_nor_key(user: User, monkeypatch: pytest.MonkeyPatch):
    def fail(page: LicencePage, picture: object) -> None:
        store_page(page, picture)
        raise OSError("disk full")

    monkeypatch.setattr(services, "store_page", fail)
    with pytest.raises(OSError, match="disk full"):
        handed_in()
    assert files() == set()
    assert usable_licence_keys() == set()
    assert not Licence.objects.exists()


def test_a_refused_file_stores_nothing(user: User):
    with pytest.raises(FileRefused):
        hand_in(subject=user.subject, data=b"%PDF-1.7 nothing")
    assert files() == set()
    assert not DataKey.objects.filter(retention_class="licence").exists()


def test_a_process_draws_two_files_at_once(user: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "_drawings", BoundedSemaphore(1))
    with services._one_of_few(), pytest.raises(TooManyDrawings):
        handed_in()
    assert handed_in().state == LicenceState.IN_REVIEW


@pytest.mark.django_db(transaction=True)
def test_an_erasure_leaves_no_row_file_or_key(user: User):
    handed_in()
    erase(user)
    assert not Licence.objects.exists()
    assert files() == set()
    assert usable_licence_keys() == set()


@pytest.mark.django_db(transaction=True)
def test_a_hold_on_the_account_keeps_the_licence_until_it_ends(user: User):
    [page] = handed_in().pages.all()
    hold = held(user, "account")
    erase(user)
    assert read_page(page).startswith(b"\xff\xd8\xff")
    end(hold)
    erase_due_accounts()
    assert not Licence.objects.exists()
    assert files() == set()
    assert usable_licence_keys() == set()


def test_a_picture_that_cannot_be_read_is_answered(client: Client, user: User, monkeypatch: pytest.MonkeyPatch):
    [page] = handed_in().pages.all()
    address = f"/settings/licence/pages/{page.pk}/"

    def away(*_args: object) -> None:
        raise ConnectionError("endpoint")

    with monkeypatch.context() as patched:
        patched.setattr("privacy.journal.folders.FolderStorage._open", away, raising=False)
        assert (client.get(address).status_code, client.get(address)["Retry-After"]) == (503, "10")
    destroy_keys([page.licence_id])
    forget_keys()
    assert client.get(address).status_code == 404


def test_what_an_interrupted_upload_left_is_removed_after_some_minutes(
    user: User, store: Path, time_machine: TimeMachineFixture
):
    licence = handed_in()
    kept = files()
    (store / "left").write_bytes(b"sealed")
    DataKey.objects.create(owner=user.subject_id, retention_class="licence", wrapped=b"x", master_key="m")
    assert remove_left_files() == 0
    DataKey.objects.update(created_at=timezone.now() - LEFT_AFTER * 2)
    time_machine.move_to(timezone.now() + LEFT_AFTER * 4)
    assert late_files() == ["left"]
    assert remove_left_files() == 1
    assert destroy_orphaned_keys() == 1
    assert files() == kept
    assert usable_licence_keys() == {licence.pk}


def test_the_database_keeps_one_licence_in_review_and_one_in_force(user: User):
    licence = handed_in()
    for state in (LicenceState.IN_REVIEW, LicenceState.APPROVED):
        more = {"subject": user.subject, "fingerprint": b"", "due_at": timezone.now(), "decided_at": timezone.now()}
        licence.state, licence.decided_at = state, timezone.now()
        licence.save()
        with pytest.raises(IntegrityError, match=r"one_licence|UNIQUE"), transaction.atomic():
            Licence.objects.create(state=state, **more)


@pytest.mark.parametrize(
    "values", [{"state": "returned", "code": ""}, {"state": "approved", "decided_at": None}, {"reminded": 5}]
)
def test_the_database_refuses_a_licence_that_makes_no_sense(user: User, values: dict):
    licence = handed_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(**values)


@pytest.mark.parametrize("before", LicenceState.values)
def test_a_licence_moves_by_the_table_only(user: User, before: str):
    licence = handed_in()
    code = "other" if before == "returned" else ""
    Licence.objects.filter(pk=licence.pk).update(state=before, decided_at=timezone.now(), code=code)
    for after in LicenceState.values:
        if after not in MOVES[before]:
            with pytest.raises(MoveRefused, match="already"):
                move(licence, after)


def test_the_page_takes_a_file_and_shows_its_pictures(client: Client, user: User):
    file = SimpleUploadedFile("Licence.PDF", pdf(2))
    answer = client.post("/settings/licence/", {"file": file}, follow=True)
    shown = answer.content.decode()
    assert "In review" in shown
    assert shown.count("<img") == 2
    page = LicencePage.objects.first()
    picture = client.get(f"/settings/licence/pages/{page.pk}/")
    assert picture.content == read_page(page)
    assert picture["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert picture["Cache-Control"] == "no-store"
    assert picture["X-Content-Type-Options"] == "nosniff"


def test_another_person_sees_no_picture(user: User):
    [page] = handed_in().pages.all()
    other = client_of(make_person())
    assert other.get(f"/settings/licence/pages/{page.pk}/").status_code == 404
    assert other.get("/settings/licence/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("licence.docx", b"x", "unknown_type"),
        ("photo.HEIC", b"x", "heic"),
        ("licence.pdf", b"", "empty"),
        ("licence.pdf", b"%PDF-1.7 broken", "damaged"),
        ("licence.png", b"x" * (10 * 2**20 + 1), "too_large"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_file(client: Client, name: str, data: bytes, code: str):
    answer = client.post("/settings/licence/", {"file": SimpleUploadedFile(name, data)})
    assert str(REASONS[code]) in answer.context["form"].errors["file"]
    assert not Licence.objects.exists()


def test_a_busy_portal_says_when_to_try_again(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "_drawings", BoundedSemaphore(1))
    with services._one_of_few():
        answer = client.post("/settings/licence/", {"file": SimpleUploadedFile("a.jpg", photo())})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Wait some seconds" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_page_deletes_the_licence(client: Client, user: User):
    handed_in()
    assert "deleted" in client.post("/settings/licence/delete/", follow=True).content.decode()
    assert not Licence.objects.exists()
    assert files() == set()
    assert usable_licence_keys() == set()


def test_the_settings_show_the_page_to_enterprises_only(client: Client):
    assert "/settings/licence/" in client.get("/settings/").content.decode()
    assert "/settings/licence/" not in client_of(make_person()).get("/settings/").content.decode()


def test_an_upload_is_never_written_to_a_file(client: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    data = photo() + bytes(4 * 2**20)
    client.post("/settings/licence/", {"file": SimpleUploadedFile("a.jpg", data)})
    assert Licence.objects.count() == 1
