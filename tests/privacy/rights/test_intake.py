"""Four questions: what is missing is named, what was typed is kept, and other sites are named."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from privacy.rights.models.requests import RequestItem, RightsRequest
from tests.factories import make_policy
from tests.privacy.rights.pages import (
    file,
    send,
    text_of,
)

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _policy(db) -> None:
    make_policy("intl")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rights": []}, "Choose what you want."),
        ({"rights": ["everything"]}, "everything is not one of the available choices"),
        ({"rights": ["deletion"]}, "Choose why your data must be deleted."),
        ({"rights": ["deletion"], "ground": "7"}, "7 is not one of the available choices"),
        ({"rights": ["question"], "text": " "}, "Write in a few words what it is about."),
        ({"contact": ""}, "Enter an e-mail address or a mobile number."),
        ({"contact": "ada@"}, "Enter an e-mail address, like"),
        ({"contact": "12"}, "Enter a phone number with its country code"),
        ({"country": ""}, "Choose a country or region."),
        ({"text": "x" * 5001}, "at most 5000 characters"),
    ],
)
def test_an_error_is_named_and_what_was_typed_is_kept(client: Client, data: dict[str, object], said: str):
    typed = {"rights": ["access"], "contact": "ada@example.com", "text": "Since my move in 2021."} | data
    answer = send(client, **typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert said in page
    assert str(typed["text"]).strip() in page
    assert str(typed["contact"]) in page
    assert not RightsRequest.objects.exists()


def test_another_language_keeps_what_was_typed(client: Client):
    typed = {"rights": ["access", "deletion"], "ground": "6.3.2", "contact": "ada@", "text": "Since 2021."}
    answer = send(client, switch_language="zh-hans", **typed)
    page = text_of(answer)
    assert (answer.status_code, 'lang="zh-hans"' in page) == (200, True)
    assert "有问题需要处理" not in page
    for kept in ('value="ada@"', "Since 2021.", '<option value="DE" selected>'):
        assert kept in page
    assert len(re.findall(r'value="(?:access|deletion|6\.3\.2)"[^>]* checked', page)) == 3
    assert not RightsRequest.objects.exists()


def test_a_deletion_names_its_ground_and_other_rights_have_none(client: Client):
    file(client, rights=["access", "deletion", "objection"], ground="6.3.2", text="No more letters.")
    items = RequestItem.objects.order_by("right").values_list("right", "ground")
    assert list(items) == [("access", ""), ("deletion", "6.3.2"), ("objection", "")]


@pytest.mark.parametrize(
    ("typed", "country", "channel", "address"),
    [
        ("ada@EXAMPLE.com", "DE", "email", "ada@example.com"),
        ("\uff41da\uff20example.com", "DE", "email", "ada@example.com"),
        ("+49 1512 3456789", "FR", "sms", "+4915123456789"),
        ("01512 3456789", "DE", "sms", "+4915123456789"),
    ],
)
def test_an_address_is_read_as_elsewhere(client: Client, typed: str, country: str, channel: str, address: str):
    file(client, contact=typed, country=country)
    request = RightsRequest.objects.get()
    assert (request.contact, str(request.address)) == (channel, address)


def test_a_form_that_is_sent_twice_files_one_request(client: Client):
    same = str(uuid4())
    assert file(client, submission=same) == file(client, submission=same)
    assert RightsRequest.objects.count() == 1
    file(client)
    assert RightsRequest.objects.count() == 2


def test_what_was_opened_in_this_browser_is_listed_there_and_nowhere_else(client: Client):
    page = file(client)
    assert f'href="{page}"' in text_of(client.get("/requests/"))
    assert page not in text_of(Client().get("/requests/"))


@pytest.mark.parametrize("url", ["https://cn.example", ""])
def test_a_country_whose_data_another_site_stores_is_sent_there(client: Client, settings, url: str):
    settings.JURISDICTIONS = ["intl"]
    settings.JURISDICTION_URLS = {"cn": url} if url else {}
    answer = send(client, country="CN", contact="+8613800138000")
    if url:
        assert answer["Location"] == "https://cn.example/requests/?country=CN"
    else:
        assert (answer.status_code, "not saved anything" in text_of(answer)) == (421, True)
    assert not RightsRequest.objects.exists()


def test_the_country_is_chosen_already(client: Client):
    german = text_of(client.get("/requests/", headers={"accept-language": "en-DE"}))
    assert '<option value="DE" selected>' in german
    named = text_of(client.get("/requests/?country=FR&right=access", headers={"accept-language": "en-DE"}))
    assert '<option value="FR" selected>' in named
    assert re.search(r'value="access"[^>]*checked', named)


def test_strangers_file_and_try_only_so_often(client: Client, settings):
    settings.RATE_LIMITS = True
    for _number in range(60):
        assert send(client, rights=[]).status_code == 422
    assert send(client).status_code == 429
    assert not RightsRequest.objects.exists()


def test_an_address_that_got_too_many_codes_is_told_and_nothing_typed_is_lost(client: Client, settings):
    settings.RATE_LIMITS = True
    for _number in range(6):
        file(client)
    answer = send(client, text="Since 2021.")
    page = text_of(answer)
    assert answer.status_code == 429
    assert "We sent too many codes there." in page
    assert "Since 2021." in page
    assert RightsRequest.objects.count() == 6


def test_what_is_required_is_marked(client: Client):
    shown = text_of(client.get("/requests/"))
    for label in ("What do you want?", "E-mail address or mobile number", "Country or region"):
        assert re.search(rf'{re.escape(label)} ?<span class="mark">\s?\(required\)', shown), label
