"""A body that is larger than its page takes is refused before anything of it is read or stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client

from privacy.policies.documents import LARGEST
from privacy.subjects.markers import LARGEST_BODY
from tests.app import App


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the parts that Django began to store."""
    names: list[str] = []
    for kind in FileUploadHandler.__subclasses__():
        monkeypatch.setattr(kind, "new_file", lambda _self, field, *_args, **_more: names.append(field))
    return names


@pytest.mark.parametrize("path", ["/sign-in/", "/register/individual/", "/recover/", "/nothing/here/", "/admin/login/"])
def test_a_large_part_is_refused_on_every_page(client: Client, stored: list[str], path: str):
    answer = client.post(path, {"login": "anna", "file": SimpleUploadedFile("a", b"x" * 3_000_000)})
    assert answer.status_code == 413
    assert "You can send up to 256 kB to this page. Nothing that you sent was stored." in answer.content.decode()
    assert stored == []


def test_so_is_one_of_a_person_who_is_signed_in(signed_in: Client, stored: list[str]):
    part = SimpleUploadedFile("a", b"x" * 300_000)
    assert signed_in.post("/settings/profile/", {"name": "Anna", "file": part}).status_code == 413
    assert stored == []


def test_rest_answers_with_its_problem():
    answer = App().post("auth/sign-in", {"login": "x" * LARGEST_BODY, "password": "y"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_without_a_length_is_refused(client: Client):
    answer = client.generic("POST", "/sign-in/", "login=anna", headers={"transfer-encoding": "chunked"})
    assert answer.status_code == 411
    assert "did not say how large the content is" in answer.content.decode()
    answer = App().post("auth/sign-in", {"login": "anna", "password": "y"}, transfer_encoding="chunked")
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_speaks_the_readers_language(client: Client, language: str):
    answer = client.post("/sign-in/", {"login": "x" * 300_000}, headers={"accept-language": language})
    assert ("最多接收" in answer.content.decode()) == (language == "zh-hans")


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 302), (LARGEST + 2 * LARGEST_BODY, 413)])
def test_the_import_of_a_policy_limits_the_size_of_a_document(client: Client, size: int, status: int):
    """A visitor who is not signed in is sent to the sign-in: the limit let the document through."""
    document = SimpleUploadedFile("policy.md", b"x" * size)
    assert client.post("/admin/privacy/policyversion/add/", {"document": document}).status_code == status
