"""Staff file what came by letter, phone or mail from the instant of its receipt, one by one or many from a file."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from privacy.operations.roles import AUDITOR
from privacy.rights.models.requests import RightsRequest
from tests.factories import make_staff
from tests.privacy.rights.in_admin import officer
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
ADD, IMPORT = reverse("admin:privacy_rightsrequest_add"), reverse("admin:privacy_rightsrequest_import")
TYPED = {
    "rights": ["access", "deletion"],
    "ground": "6.3.1",
    "channel": "letter",
    "received_at": "2026-11-02 09:30",
    "reach": "Ada Lovelace\n1 Street\nBerlin",
    "country": "DE",
    "text": "Please.",
}
HEAD = "received_at,channel,rights,reach,country,ground,language,text\n"
GOOD = '2026-11-02 09:30,phone,access;deletion,ada@example.com,DE,6.3.1,en,"All, please."\n'


@pytest.fixture
def client() -> Client:
    """A member of staff who may file."""
    return client_of(officer())


def uploaded(text: str, encoding: str = "utf-8") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("requests.csv", text.encode(encoding))}


def hidden_text(page: str) -> str:
    [text] = re.findall(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return text.replace("&quot;", '"').replace("&amp;", "&").replace("&#x27;", "'").replace("&lt;", "<")


def test_a_letter_counts_from_its_own_receipt(client: Client):
    assert "Received (UTC)" in client.get(ADD).content.decode()
    client.post(ADD, TYPED)
    request = RightsRequest.objects.get()
    assert request.received_at == dt.datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("UTC"))
    assert (request.channel, request.contact, request.language) == ("letter", "post", "en")
    assert str(request.address) == TYPED["reach"]
    assert request.due_at < dt.datetime(2026, 11, 18, tzinfo=dt.UTC)
    assert request.filed_by is not None
    items = {item.right: item for item in request.items.all()}
    assert {right: item.ground for right, item in items.items()} == {"access": "", "deletion": "6.3.1"}
    assert str(items["access"].text) == "Please."


@pytest.mark.parametrize(
    ("reach", "contact", "stored"),
    [
        (" Ada@Example.com ", "email", "ada@example.com"),
        ("+49 30 901820", "sms", "+4930901820"),
        ("1 Street, Berlin", "post", "1 Street, Berlin"),
    ],
)
def test_how_the_person_is_reached_is_read_from_what_is_typed(reach, contact, stored, client: Client):
    client.post(ADD, TYPED | {"reach": reach})
    request = RightsRequest.objects.get()
    assert (request.contact, str(request.address).casefold()) == (contact, stored.casefold())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rights": []}, "This field is required"),
        ({"ground": ""}, "Choose the ground of the deletion"),
        ({"channel": "page"}, "Select a valid choice"),
        ({"received_at": "2999-01-01 00:00"}, "Enter a time in the past"),
        ({"received_at": "1969-12-31 10:00"}, "Enter a time of the last three years"),
        ({"received_at": "0001-01-01 00:00"}, "Enter a time of the last three years"),
        ({"received_at": "0001-01-01 00:00", "country": "US"}, "Enter a time of the last three years"),
        ({"reach": "ada@"}, "errorlist"),
        ({"country": "XX"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(wrong, said, client: Client):
    assert said in client.post(ADD, TYPED | wrong).content.decode()
    assert not RightsRequest.objects.exists()


def test_a_country_of_another_site_is_refused(client: Client, settings):
    settings.JURISDICTIONS = ["cn"]
    assert "Another site stores" in client.post(ADD, TYPED).content.decode()


def test_only_those_who_may_file_do():
    auditor = client_of(make_staff(AUDITOR, username="auditor"))
    assert auditor.get(ADD).status_code == 403
    assert auditor.post(ADD, TYPED).status_code == 403
    assert auditor.post(IMPORT, uploaded(HEAD + GOOD)).status_code == 403


def test_a_file_is_previewed_with_every_bad_row_and_none_is_left_out_silently(client: Client):
    bad = "2999-01-01 00:00,letter,access,bo@example.com,DE,,,\n2026-11-02 09:30,fax,,bo@example.com,QQ,,,\n"
    preview = client.post(IMPORT, uploaded(HEAD + GOOD + bad)).content.decode()
    assert "Nothing is stored yet" in preview
    assert "2 rows are not filed" in preview
    assert "received_at: Enter a time in the past." in preview
    assert "channel: " in preview
    assert "rights: " in preview
    assert "country: " in preview
    assert not RightsRequest.objects.exists()
    text = hidden_text(preview)
    told = client.post(IMPORT, {"text": text, "confirmed": "yes"}).content.decode()
    assert "Confirm that these rows are left out" in told
    assert not RightsRequest.objects.exists()
    filed = client.post(IMPORT, {"text": text, "confirmed": "yes", "leave_out": "on"}).content.decode()
    request = RightsRequest.objects.get()
    assert request.reference in filed
    assert "2 rows are not filed" in filed
    assert {str(item.text) for item in request.items.all()} == {"All, please."}


def test_no_row_is_filed_twice(client: Client):
    text = HEAD + GOOD
    for _press in range(2):
        shown = client.post(IMPORT, {"text": text, "confirmed": "yes"}).content.decode()
        assert RightsRequest.objects.get().reference in shown
    twice = client.post(IMPORT, uploaded(HEAD + GOOD.replace("ada", "bo") * 2)).content.decode()
    assert "The same as row 2." in twice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (HEAD, "The file has no rows"),
        ("reach,country\nada@example.com,DE\n", "These columns are missing: received_at, channel, rights"),
        (HEAD.replace("text", "name") + GOOD, "These columns are not known: name"),
        (HEAD + '2026-11-02,phone,access,"ada', "This is not a CSV file"),
        (HEAD + GOOD * 501, "rows at most"),
        (HEAD + "2026-11-02 09:30,phone,access\n", "more or fewer cells"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, said: str, client: Client):
    assert said in client.post(IMPORT, uploaded(text)).content.decode()
    assert not RightsRequest.objects.exists()


def test_the_rows_of_a_file_that_is_too_long_are_not_checked(client: Client, monkeypatch):
    monkeypatch.setattr("privacy.rights.staff.importing.FilingForm", None)
    assert "rows at most" in client.post(IMPORT, uploaded(HEAD + ",,,,,,,\n" * 20_000)).content.decode()


def test_a_file_of_another_encoding_is_refused(client: Client):
    shown = client.post(IMPORT, uploaded(HEAD + GOOD.replace("All", "Schön"), "latin-1")).content.decode()
    assert "CSV in UTF-8" in shown
    marked = client.post(IMPORT, uploaded("\ufeff" + HEAD + GOOD.replace("All", "Schön"))).content.decode()
    assert "File 1 request" in marked
