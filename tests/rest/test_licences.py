"""A licence over REST: the file is the body, checked by its digest, and the same file again changes nothing."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from accounts.licences.models import Licence
from privacy.pictures.making import MOST_BYTES
from tests.app import App, registered
from tests.factories import make_policy
from tests.licences import PDF, enterprise, photo, put
from tests.privacy.pictures.files import pdf

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    entry = settings.STORAGES["licences"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"licences": entry}


@pytest.fixture
def app() -> App:
    """The app of an enterprise."""
    return enterprise()


def digest(data: bytes, name: str = "sha-256") -> str:
    made = hashlib.new(name.replace("-", ""), data).digest()
    return f"{name}=:{base64.b64encode(made).decode()}:"


def test_it_is_handed_in_read_and_deleted(app: App):
    assert app.get("me/licence").json()["state"] == "none"
    answer = put(app, pdf(2), PDF)
    assert answer.status_code == 200
    assert answer.json()["state"] == "in_review"
    assert [page["number"] for page in answer.json()["pages"]] == [1, 2]
    assert app.get("me/licence").json() == answer.json()
    assert app.send("DELETE", "me/licence").status_code == 204
    assert app.get("me/licence").json()["state"] == "none"
    assert app.send("DELETE", "me/licence").status_code == 404


def test_the_same_file_again_is_the_same_licence(app: App):
    first = put(app, photo()).json()
    assert put(app, photo(), "application/octet-stream").json() == first
    assert Licence.objects.count() == 1


@pytest.mark.parametrize("name", ["sha-256", "sha-512"])
def test_a_digest_that_was_sent_is_checked(app: App, name: str):
    wrong = put(app, photo(), content_digest=digest(b"another", name))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "content_digest")
    right = f"unixsum=:AA==:, {digest(photo(), name)}"
    assert put(app, photo(), content_digest=right).status_code == 200


@pytest.mark.parametrize("header", ["sha-256", "sha-256=abc", "sha-256=:!:", "sha-256=:A:"])
def test_a_digest_that_cannot_be_read_is_refused(app: App, header: str):
    assert put(app, photo(), content_digest=header).json()["code"] == "content_digest"
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        (b"x" * (MOST_BYTES + 1), PDF, 413, "too_large"),
        (b"plain text", "text/plain", 415, "unknown_type"),
        (b"plain text", PDF, 415, "unknown_type"),
        (b"\0\0\0\x18ftypheic", "application/octet-stream", 415, "heic"),
        (b"", PDF, 422, "empty"),
        (b"\x89PNG\r\n\x1a\n", "image/png", 422, "damaged"),
    ],
)
def test_a_file_that_is_refused_is_answered_with_its_code(app, data, content_type, status, code):
    answer = put(app, data, content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Licence.objects.exists()


def test_individuals_are_refused_in_words():
    make_policy("intl")
    answer = put(registered("DE"), photo())
    assert (answer.status_code, answer.json()["code"]) == (403, "enterprises_only")


def test_a_person_uploads_ten_files_an_hour(app: App, settings: Any):
    settings.RATE_LIMITS = True
    codes = [put(app, b"x", PDF).status_code for _ in range(11)]
    assert codes == [415] * 10 + [429]


def test_a_store_that_is_away_is_a_problem(app: App, monkeypatch: pytest.MonkeyPatch):
    def away(*_args: object, **_more: object) -> None:
        raise ConnectionError("endpoint")

    monkeypatch.setattr("privacy.journal.folders.FolderStorage._save", away)
    answer = put(app, photo())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "10")
    assert not Licence.objects.exists()
