"""Before proof nothing is said of a person; a request of somebody else is not found."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.notices.addresses import addresses_of
from privacy.notices.models import Notice
from privacy.rights.choices import WITHOUT_PROOF, ItemState, Proof
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.queries import steps_of
from privacy.rights.states.moving import move
from privacy.rights.urls import urlpatterns
from tests.factories import make_person, make_policy
from tests.privacy.rights.pages import (
    answer_it,
    code_to,
    codes,
    confirm,
    file,
    send,
    text_of,
    with_email,
    without_what_differs,
    wrong_code,
)
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded
READ = ("", "copy.json", "copy.html")
CHANGES = ("confirm/", "new-code/", "withdraw/", "withdraw/access/", "reopen/", "sign-in/", "picture/")


@pytest.fixture(autouse=True)
def _policy(db) -> None:
    make_policy("intl")


def test_a_stranger_files_and_confirms_a_request(client: Client):
    page = file(client)
    request = RightsRequest.objects.get()
    assert page == f"/requests/{request.reference}/"
    shown = text_of(client.get(page))
    assert request.reference in shown
    assert 'autocomplete="one-time-code"' in shown
    local = timezone.localtime(request.due_at, ZoneInfo("Europe/Berlin"))
    assert f'datetime="{local.isoformat()}"' in shown
    answer = confirm(client, page, code_to("ada@example.com"))
    assert (answer.status_code, answer["Location"]) == (302, page)
    request.refresh_from_db()
    assert request.proof == Proof.ONE_CODE
    assert "Confirm that it" not in text_of(client.get(page))
    assert Notice.objects.filter(template="request_received").count() == 1


def test_the_link_of_the_message_opens_it_elsewhere_and_nothing_else_does(client: Client):
    page = file(client)
    context = Notice.objects.get(template="request_received").context
    link = re.search(r'"request_url": "[^"]*?(/requests/[^"]+)"', str(context))
    other = Client()
    assert other.get(page).status_code == 404
    assert link
    assert other.get(link[1])["Location"] == page
    assert other.get(page).status_code == 200
    assert Client().get(f"{page}{'x' * 43}/").status_code == 404


@pytest.mark.parametrize("rest", READ + CHANGES)
def test_a_request_of_somebody_else_is_not_found(client: Client, rest: str):
    page = file(Client())
    stranger = client_of(make_person())
    unknown = "/requests/7KQ2M-0XW4D-P9TRA-H3VBC/"
    for browser in (client, stranger):
        method = browser.get if rest in READ else browser.post
        assert method(f"{unknown}{rest}", {"code": "123456"}).status_code in (302, 404)
        theirs, missing = method(f"{page}{rest}", {"code": "123456"}), method(f"{unknown}{rest}", {"code": "123456"})
        assert theirs.status_code == missing.status_code
        assert (theirs.status_code == 404) or "/sign-in/" in theirs["Location"]
    assert RightsRequest.objects.get().proof == ""
    assert RequestItem.objects.get().state == ItemState.RECEIVED


def test_each_page_of_a_request_is_in_that_matrix():
    start = "requests/<slug:reference>/"
    named = {str(pattern.pattern) for pattern in urlpatterns if str(pattern.pattern).startswith(start)}
    known = {"", "confirm/", "new-code/", "withdraw/", "withdraw/<slug:right>/", "reopen/", "sign-in/", "<str:token>/"}
    known |= {"picture/", "copy.html", "copy.json"}
    assert {place.removeprefix(start) for place in named} == known


def test_before_proof_a_known_and_an_unknown_address_get_the_same(client: Client):
    with_email("known@example.com")
    seen = []
    # The first one makes the keys of the system.
    for address in ("third@example.com", "known@example.com", "other@example.com"):
        browser = Client()
        with CaptureQueriesContext(connection) as asked:
            filed = send(browser, contact=address, rights=["access", "deletion"], ground="6.3.4")
            request = RightsRequest.objects.get(reference=filed["Location"].split("/")[2])
            first = browser.get(filed["Location"])
            wrong = confirm(browser, filed["Location"], wrong_code())
            again = browser.post(f"{filed['Location']}new-code/")
        pages = [without_what_differs(page, request, address) for page in (first, wrong)]
        seen.append((filed.status_code, filed.content, again.status_code, len(asked), *pages))
    assert seen[1] == seen[2]
    assert seen[0][:3] == seen[1][:3]
    messages = Notice.objects.values_list("template", flat=True).order_by("template")
    assert list(messages) == ["request_code"] * 6 + ["request_received"] * 3


def test_data_is_handed_out_after_two_codes_each_time(client: Client):
    person = with_email("ada@example.com")
    page = file(client)
    phone = next(address.value for address in addresses_of(person.subject) if address.channel == "sms")
    for _time in range(2):
        confirm(client, page, code_to("ada@example.com"))
        assert "second 6-digit code" in text_of(client.get(page))
        confirm(client, page, code_to(phone))
        request = RightsRequest.objects.get()
        assert (request.proof, request.subject_id) == (Proof.TWO_CODES, person.subject.pk)
        answer_it(request)
        assert "We hold your name." in text_of(client.get(page))
        client.cookies.clear()
        context = str(Notice.objects.get(template="request_received").context)
        client.get(re.search(r"/requests/[\w-]+/[\w-]{40,}/", context)[0])  # type: ignore[index]
        assert "We hold your name." not in text_of(client.get(page))
        client.post(f"{page}new-code/")


def test_a_proof_ends_after_a_while(client: Client, settings):
    page = file(client)
    confirm(client, page, code_to("ada@example.com"))
    answer_it(RightsRequest.objects.get())
    assert "We hold your name." in text_of(client.get(page))
    settings.FRESH_SIGN_IN = timedelta(0)
    assert "We hold your name." not in text_of(client.get(page))


@pytest.mark.parametrize("right", sorted(WITHOUT_PROOF))
def test_what_staff_work_without_proof_sends_no_code_and_its_answer_is_shown_after_one(client: Client, right: str):
    page = file(client, rights=[right], text="Where are your servers?")
    assert codes() == []
    assert "Confirm that it" not in text_of(client.get(page))
    answer_it(RightsRequest.objects.get(), "In Frankfurt.")
    hidden = text_of(client.get(page))
    assert "In Frankfurt." not in hidden
    assert "Send a code to ada@example.com" in hidden
    client.post(f"{page}new-code/")
    confirm(client, page, code_to("ada@example.com"))
    assert "In Frankfurt." in text_of(client.get(page))


def test_reading_the_answer_of_a_closed_question_adds_no_step(client: Client):
    """A step after the closing would make a deleted request look lost."""
    page = file(client, rights=["question"], text="Where are your servers?")
    request = RightsRequest.objects.get()
    answer_it(request, "In Frankfurt.")
    move(item=request.items.get(), after=ItemState.DONE)
    client.post(f"{page}new-code/")
    confirm(client, page, code_to("ada@example.com"))
    shown = text_of(client.get(page))
    assert "In Frankfurt." in shown
    assert "Closed on" in shown
    assert steps_of(request).last().act == RequestRecord.Act.CLOSED  # type: ignore[union-attr]
