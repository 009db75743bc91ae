"""Reasons, answers and copies after proof; withdrawing, reopening, and being late."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from privacy.export.services import make_due_copies, request_copy
from privacy.notices.addresses import addresses_of
from privacy.rights.choices import ExtensionReason, ItemState, PortalAnswer, Proof, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.services import prove
from privacy.rights.states.moving import Decision, move, note
from tests.factories import make_policy
from tests.privacy.rights.pages import (
    REASONS,
    answer_it,
    close_unproven,
    code_to,
    codes,
    confirm,
    file,
    opened_elsewhere,
    text_of,
    with_email,
)

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _policy(db) -> None:
    make_policy("intl")


def test_reasons_and_answers_are_shown_after_proof_in_this_session_only(client: Client):
    page = file(client, rights=["question", "access"], text="Which data?")
    request = RightsRequest.objects.get()
    prove(request=request, proof=Proof.ONE_CODE, subject=None)
    move(item=request.items.get(right="access"), after=ItemState.WITH_STAFF)
    move(item=request.items.get(right="access"), after=ItemState.REFUSED, decision=REASONS)
    answer_it(request)
    hidden = text_of(client.get(page))
    assert not [said for said in ("HGB § 257", "BfDI", "We hold your name.", "Refused") if said in hidden]
    client.post(f"{page}new-code/")
    confirm(client, page, code_to("ada@example.com"))
    shown = text_of(client.get(page))
    for said in ("HGB § 257", "BfDI", "Verwaltungsgericht", "Another law", "We hold your name.", 'href="https://'):
        assert said in shown


def test_one_item_or_all_are_withdrawn_after_asking(client: Client):
    page = file(client, rights=["access", "deletion", "portability"], ground="6.3.4")
    assert "Withdraw your request" in text_of(client.get(f"{page}withdraw/access/"))
    assert RequestItem.objects.filter(state=ItemState.WITHDRAWN).count() == 0
    client.post(f"{page}withdraw/access/")
    assert RequestItem.objects.get(state=ItemState.WITHDRAWN).right == Right.ACCESS
    client.post(f"{page}withdraw/")
    assert RequestItem.objects.filter(state=ItemState.WITHDRAWN).count() == 3
    shown = text_of(client.get(page))
    assert "Closed on" in shown
    assert "Delete my data: Withdrawn" in shown
    assert client.get(f"{page}withdraw/")["Location"] == page


def test_what_nobody_proved_is_reopened_for_ninety_days(client: Client):
    page = file(client)
    request = RightsRequest.objects.get()
    close_unproven(request, timedelta(days=89))
    assert "Reopen the request" in text_of(client.get(page))
    client.post(f"{page}reopen/")
    request.refresh_from_db()
    assert (request.closed_at, request.items.get().state) == (None, ItemState.RECEIVED)
    assert len(codes()) == 2
    close_unproven(request, timedelta(days=91))
    assert "Reopen the request" not in text_of(client.get(page))
    assert "can no longer be reopened" in text_of(client.post(f"{page}reopen/", follow=True))


def test_a_late_request_says_so(client: Client):
    page = file(client)
    RightsRequest.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    shown = text_of(client.get(page))
    assert "We are sorry." in shown
    assert "Die Bundesbeauftragte" in shown
    assert 'href="https://www.bfdi.bund.de' in shown


def test_a_copy_is_handed_out_after_proof_also_without_signing_in(client: Client):
    person = with_email("ada@example.com")
    copy = request_copy(subject=person.subject)
    make_due_copies()
    page = file(client)
    request = RightsRequest.objects.get()
    prove(request=request, proof=Proof.TWO_CODES, subject=person.subject)
    move(item=request.items.get(), after=ItemState.DONE, decision=Decision(carried_out_by=copy.pk))
    assert client.get(f"{page}copy.json").status_code == 404
    assert "copy.json" not in text_of(client.get(page))
    client.post(f"{page}new-code/")
    confirm(client, page, code_to("ada@example.com"))
    phone = next(address.value for address in addresses_of(person.subject) if address.channel == "sms")
    confirm(client, page, code_to(phone))
    assert f"{page}copy.html" in text_of(client.get(page))
    assert client.get(f"{page}copy.json").json()["subject"] == str(person.subject.pk)
    assert "Maria Petrović" in client.get(f"{page}copy.html").content.decode()
    assert Client().get(f"{page}copy.json").status_code == 404


def test_a_cancelled_account_is_kept_by_signing_in_and_not_by_withdrawing(client: Client):
    page = file(client, rights=["deletion"], ground="6.3.4")
    RequestItem.objects.update(state=ItemState.COOLING_OFF)
    shown = text_of(client.get(page))
    assert "Keep my account" in shown
    assert "/withdraw/" not in shown
    assert client.post(f"{page}withdraw/deletion/")["Location"] == page
    assert RequestItem.objects.get().state == ItemState.COOLING_OFF


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("right", ["access", "complaint"])
def test_an_extension_is_shown_once_the_person_was_told(client: Client, told: bool, right: str):
    page = file(client, rights=[right], text="Much.")
    client.post(f"{page}new-code/")
    confirm(client, page, code_to("ada@example.com"))
    request = RightsRequest.objects.get()
    Extension.objects.create(
        request=request,
        reason=ExtensionReason.OTHERS,
        text="We ask your colleagues first.",
        due_at=request.due_at + timedelta(days=30),
        decided_by=request.pk,
        decided_role="Privacy officer",
        decided_at=timezone.now(),
        handed_over_at=timezone.now() if told else None,
    )
    said = ("We need more time", "Data of other people is concerned", "We ask your colleagues first.")
    assert [text in text_of(client.get(page)) for text in said] == [told] * 3
    by_link = text_of(opened_elsewhere(request).get(page))
    assert [text in by_link for text in said] == [told and right == "complaint", False, False]
    move(item=request.items.get(), after=ItemState.WITHDRAWN)
    assert "We need more time" not in text_of(client.get(page))


def test_a_deletion_that_another_contact_point_stopped_is_no_withdrawal_of_the_person(client: Client):
    page = file(client, rights=["deletion"], ground="6.3.4")
    confirm(client, page, code_to("ada@example.com"))
    item = RequestItem.objects.get()
    RequestItem.objects.update(state=ItemState.COOLING_OFF)
    move(item=item, after=ItemState.WITHDRAWN, decision=Decision(answer=PortalAnswer.STOPPED))
    shown = text_of(client.get(page))
    assert "Withdrawn" not in shown
    assert shown.count("Stopped: the account is kept") == 2
    assert shown.count("Another contact point of the account") == 2


def test_the_steps_of_an_extension_speak_to_the_person(client: Client):
    page = file(client, rights=["question"], text="Why?")
    for act in (RequestRecord.Act.EXTENDED, RequestRecord.Act.EXTENSION_VOID):
        note(RightsRequest.objects.get(), act)
    shown = text_of(client.get(page))
    assert "We told you that we need more time" in shown
    assert "No more time: our message did not reach you" in shown
    assert "the person" not in shown


@pytest.mark.parametrize(("country", "zone"), [("DE", "Europe/Berlin"), ("RS", "Europe/Belgrade"), ("US", "UTC")])
def test_times_are_those_of_the_country_if_it_has_one_zone(client: Client, country: str, zone: str):
    shown = text_of(client.get(file(client, country=country)))
    at = timezone.localtime(RightsRequest.objects.get().due_at, ZoneInfo(zone))
    assert re.search(rf"We answer by [^<]*\b{at:%-I:%M}[^<]*\({zone}\)", shown)
