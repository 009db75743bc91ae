"""The picture of a document: asked for by staff, sealed, looked at with a reason, and destroyed."""

import base64
import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from privacy.encryption.keys import key_for
from privacy.encryption.models import DataKey
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR
from privacy.rights.choices import Contact
from privacy.rights.models.documents import DOCUMENT_CLASS, RequestDocument
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.operations import OPERATIONS
from privacy.rights.proof.discarding import destroy_old_documents
from privacy.rights.proof.pictures import LARGEST_PICTURE, NotAsked, ask_for_picture, take_picture
from privacy.rights.states.closing import destroy_orphaned_keys
from privacy.rights.states.withdrawing import withdraw_items
from tests.erasures import erase
from tests.factories import make_person, make_policy, make_staff
from tests.privacy.rights.filing import Asker, filed, proven
from tests.privacy.rights.in_admin import officer, page
from tests.privacy.rights.pages import file, text_of
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 Passport of Ada Lovelace, C01X00T47 \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR Ada Lovelace \x00\x00\x00\x00IEND\xaeB`\x82"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "a page": (HTML, "JPEG or PNG", "不接受 PDF"),
    "a drawing": (SVG, "JPEG or PNG", "不接受 PDF"),
    "a document": (b"%PDF-1.7 \xff\xd8\xff", "JPEG or PNG", "不接受 PDF"),
    "a page behind a picture": (JPEG + HTML, "JPEG or PNG", "不接受 PDF"),
    "a picture that is cut off": (PNG[:-4], "JPEG or PNG", "不接受 PDF"),
    "a GIF": (b"GIF89a\x01\x00", "JPEG or PNG", "不接受 PDF"),
    "nothing": (b"", "Choose a picture.", "请选择照片。"),
    "one byte too much": (JPEG[:-2] + b"x" * LARGEST_PICTURE + JPEG[-2:], "5 MB at most", "最大为 5 MB"),
    "6 MB": (JPEG[:-2] + b"x" * 6_000_000 + JPEG[-2:], "You can send up to", "最多接收"),
}


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


@pytest.fixture
def client() -> Client:
    """The browser of somebody who filed a request, for which staff asked for a picture."""
    client = Client()
    file(client)
    ask_for_picture(request=RightsRequest.objects.get(), role="Support")
    return client


def address(act: str = "picture/") -> str:
    return f"/requests/{RightsRequest.objects.get().reference}/{act}"


def give(client: Client, content: bytes, **headers: str) -> HttpResponse:
    upload = SimpleUploadedFile("passport.jpg", content, "image/jpeg")
    return client.post(address(), {"picture": upload}, headers=headers)


def is_anywhere(value: bytes) -> bool:
    """Whether any row of any table holds bytes in clear, as they are or in Base64."""
    wanted = [value, base64.b64encode(value)[:-4]]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            for row in cursor.fetchall():
                for cell in row:
                    held = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    if any(each in held for each in wanted):
                        return True
    return False


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png")], ids=["jpeg", "png"])
def test_a_picture_is_taken_sealed_and_shown_to_staff_as_it_is(client: Client, content: bytes, kind: str):
    assert "Send a picture" in text_of(client.get(address("")))
    assert give(client, content).status_code == 302
    assert "We have a picture." in text_of(client.get(address("")))
    assert not is_anywhere(content)
    request, staff = RightsRequest.objects.get(), client_of(officer())
    assert "Look at it" in text_of(staff.get(page(request)))
    seen = staff.post(page(request, "picture"), {"reason": "identity"})
    assert (seen.content, seen["Content-Type"], seen["Content-Disposition"]) == (content, kind, "inline")
    assert seen["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in seen["Cache-Control"]
    acts = list(RequestRecord.objects.values_list("act", "role", "details__why_seen"))[-3:]
    assert acts == [
        ("document_asked", "Support", None),
        ("document_given", "", None),
        ("document_seen", "Privacy officer", "identity"),
    ]
    assert LogEntry.objects.filter(change_message__contains="Looked at a picture").exists()
    timeline = text_of(client.get(address("")))
    assert timeline.index("Picture of a document sent") < timeline.index("Picture of a document looked at")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_in_words(client: Client, case: str, language: str):
    content, english, chinese = REFUSED[case]
    answer = give(client, content, accept_language=language)
    assert answer.status_code == (413 if case == "6 MB" else 422)
    assert {"en": english, "zh-hans": chinese}[language] in text_of(answer)
    assert not RequestDocument.objects.exists()


def test_a_file_of_the_largest_size_is_taken_and_never_written_to_a_folder(client: Client, monkeypatch):
    def refused(*_args: object, **_more: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refused)
    whole = JPEG[:-2] + b"x" * (LARGEST_PICTURE - len(JPEG)) + JPEG[-2:]
    assert give(client, whole).status_code == 302
    assert RequestDocument.objects.exists()


def test_no_picture_is_taken_that_was_not_asked_for_nor_of_another_person(client: Client):
    assert give(Client(), JPEG).status_code == 404
    RightsRequest.objects.update(document_asked_at=None)
    assert "Send a picture" not in text_of(client.get(address("")))
    assert give(client, JPEG)["Location"] == address("")
    assert not RequestDocument.objects.exists()


def test_an_upload_needs_the_token_of_its_form(client: Client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert give(strict, JPEG).status_code == 403
    assert not RequestDocument.objects.exists()


def test_another_picture_replaces_the_first_whose_key_is_destroyed(client: Client, django_capture_on_commit_callbacks):
    give(client, JPEG)
    first = RequestDocument.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        give(client, PNG)
    assert RequestDocument.objects.get().kind == "image/png"
    assert DataKey.objects.get(owner=first.pk).wrapped is None


@pytest.mark.parametrize("how", ["closed", "old", "erased"])
def test_it_is_destroyed_with_its_key(how: str, django_capture_on_commit_callbacks):
    person = make_person()
    request = proven(person, "access")
    ask_for_picture(request=request, role="Support")
    document = take_picture(request=RightsRequest.objects.get(), content=JPEG)
    assert key_for(document.pk, DOCUMENT_CLASS)
    with django_capture_on_commit_callbacks(execute=True):
        if how == "closed":
            withdraw_items(list(request.items.all()))
        elif how == "old":
            assert destroy_old_documents() == 0
            RequestDocument.objects.update(uploaded_at=timezone.now() - dt.timedelta(days=29))
            assert destroy_old_documents() == 0
            RequestDocument.objects.update(uploaded_at=timezone.now() - dt.timedelta(days=31))
            assert destroy_old_documents() == 1
        else:
            erase(person)
    assert not RequestDocument.objects.exists()
    assert not is_anywhere(JPEG)
    assert not is_anywhere(b"Ada Lovelace, C01X00T47")
    assert DataKey.objects.get(owner=document.pk).wrapped is None


def test_a_key_without_its_picture_is_destroyed(client: Client):
    give(client, JPEG)
    kept = RequestDocument.objects.get().pk
    DataKey.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    destroy_orphaned_keys()
    assert DataKey.objects.get(owner=kept).wrapped is not None
    RequestDocument.objects.all().delete()
    destroy_orphaned_keys()
    assert DataKey.objects.get(owner=kept).wrapped is None


def test_a_picture_that_was_not_destroyed_in_time_raises_an_alarm(client: Client):
    [watched] = [each for each in OPERATIONS if getattr(each, "name", "") == "request_pictures_overdue"]
    give(client, JPEG)
    assert watched.value() == 0
    RequestDocument.objects.update(uploaded_at=timezone.now() - dt.timedelta(days=31))
    assert (watched.value(), [line for _kind, line in watched.alarms()]) == (
        1,
        [f"picture {RequestDocument.objects.get().pk} of a document is older than 30 days, and was not destroyed"],
    )


def test_staff_ask_once_and_the_person_is_told(client: Client):
    assert Notice.objects.filter(template="request_document").count() == 1
    request = filed("access").request
    staff = client_of(officer())
    assert "Ask for a picture" in text_of(staff.get(page(request)))
    staff.post(page(request, "ask-picture"))
    request.refresh_from_db()
    assert request.document_asked_at is not None
    assert "none was sent yet" in text_of(staff.get(page(request)))


def test_none_is_asked_for_by_post_nor_for_a_closed_request():
    by_post = filed("access", asker=Asker("DE", "en", Contact.POST, "1 Street")).request
    closed = filed("question", text="Who?").request
    withdraw_items(list(closed.items.all()))
    for request in (by_post, closed):
        with pytest.raises(NotAsked):
            ask_for_picture(request=request, role="Support")


def test_a_look_needs_a_reason_and_the_permission(client: Client):
    give(client, JPEG)
    request = RightsRequest.objects.get()
    answer = client_of(officer()).post(page(request, "picture"), {"reason": ""}, follow=True)
    assert "Choose why you look at the picture." in text_of(answer)
    for person in (make_staff(AUDITOR, username="auditor"), make_person()):
        assert client_of(person).post(page(request, "picture"), {"reason": "identity"}).status_code in (302, 403)
    assert client_of(officer("second")).get(page(request, "picture")).status_code == 405
    assert not RequestRecord.objects.filter(act="document_seen").exists()


def test_the_kind_of_a_document_and_the_role_are_evidence(client: Client):
    request = RightsRequest.objects.get()
    staff = client_of(officer())
    staff.post(page(request, "identity"), {"looked": "on"})
    assert RightsRequest.objects.get().proven_at is None
    staff.post(page(request, "identity"), {"looked": "on", "document": "passport"})
    step = RequestRecord.objects.get(act="proven")
    assert (step.role, step.details) == ("Privacy officer", {"proof": "document", "document": "passport"})


def test_the_database_refuses_a_picture_of_an_erased_person():
    person = make_person()
    request = proven(person, "access")
    ask_for_picture(request=request, role="Support")
    document = take_picture(request=request, content=JPEG)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE privacy_datasubject SET erased_at = %s WHERE id = %s", [timezone.now(), person.subject_id.hex]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestDocument.objects.filter(pk=document.pk).update(request=request)
