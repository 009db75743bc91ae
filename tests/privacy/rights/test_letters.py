"""Requests as people write them: each is filed by a page or by REST, and read back as it was written."""

import datetime as dt
import json
import re
from uuid import uuid4

import pytest
from django.test import Client

from privacy.notices.models import Notice
from privacy.rights.choices import WITHOUT_PROOF
from privacy.rights.models.requests import RightsRequest
from tests.app import App
from tests.factories import make_policy
from tests.privacy.rights.letters import LETTERS, Letter

pytestmark = pytest.mark.embedded

NAMED = [f"{number:02}-{'-'.join(letter.rights)}-{letter.country}" for number, letter in enumerate(LETTERS)]


@pytest.fixture(autouse=True)
def _policies(db, settings) -> None:
    settings.JURISDICTIONS = ["cn", "intl"]
    make_policy("intl")


def by_page(letter: Letter) -> tuple[str, str]:
    """File a letter on the page; return its reference, and by when the page says that it is answered."""
    client = Client(headers={"accept-language": letter.language})
    typed = {
        "rights": list(letter.rights),
        "country": letter.country,
        "contact": letter.contact,
        "text": letter.text,
        "ground": letter.ground,
        "about": letter.about,
        "submission": str(uuid4()),
    } | ({"attested": "on"} if letter.about == "other" else {})
    filed = client.post("/requests/", typed)
    assert filed.status_code == 302, re.findall(r'class="error">.*?</p>', filed.content.decode())
    page = client.get(filed["Location"]).content.decode()
    assert f'lang="{letter.language}"' in page
    return str(filed["Location"]).split("/")[2], re.findall(r'<time datetime="([^"]+)"', page)[-1]


def by_rest(letter: Letter) -> tuple[str, str]:
    """File a letter by REST; return its reference, and by when it is answered."""
    item = {"text": letter.text} if letter.text else {}
    grounds = {"deletion": {"ground": letter.ground}}
    body = {
        "country": letter.country,
        "language": letter.language,
        "contact": {"email" if "@" in letter.contact else "phone": letter.contact},
        "about": letter.about,
        "items": [{"right": right} | item | grounds.get(right, {}) for right in letter.rights],
    }
    filed = App().post("requests", body | ({"attested": True} if letter.about == "other" else {}))
    assert filed.status_code == 201, filed.content
    return filed.json()["reference"], filed.json()["due_at"]


@pytest.mark.parametrize("number", range(len(LETTERS)), ids=NAMED)
def test_a_letter_is_filed_and_read_back(number: int):
    letter = LETTERS[number]
    reference, due = by_rest(letter) if number % 2 else by_page(letter)
    request = RightsRequest.objects.get(reference=reference)
    assert {item.right for item in request.items.all()} == set(letter.rights)
    assert {str(item.text or "") for item in request.items.all()} == {letter.text.replace("\r\n", "\n")}
    assert [item.ground for item in request.items.all() if item.right == "deletion"] == [letter.ground] * bool(
        letter.ground
    )
    assert (request.country, request.language, request.about) == (letter.country, letter.language, letter.about)
    assert request.jurisdiction == ("cn" if letter.country == "CN" else "intl")
    sent = {notice.template: notice for notice in Notice.objects.all()}
    needs_code = not set(letter.rights) <= WITHOUT_PROOF
    assert sent.keys() == {"request_received", *(["request_code"] if needs_code else [])}
    assert {notice.language for notice in sent.values()} == {letter.language}
    said = json.loads(str(sent["request_received"].context))["due_at"]
    assert {dt.datetime.fromisoformat(due), dt.datetime.fromisoformat(said)} == {request.due_at}
    assert 14 <= (request.due_at - request.received_at).days <= 16


def test_there_are_enough_of_them_in_every_right():
    assert len(LETTERS) >= 40
    rights = [right for letter in LETTERS for right in letter.rights]
    assert {right: rights.count(right) >= 3 for right in rights} == dict.fromkeys(rights, True)
    assert len(set(rights)) == 9
    assert {letter.about for letter in LETTERS} == {"self", "other", "named"}
    assert len({letter.country for letter in LETTERS}) >= 30
    assert {letter.ground for letter in LETTERS} == {"", "6.3.1", "6.3.2", "6.3.3", "6.3.4", "6.3.5"}
