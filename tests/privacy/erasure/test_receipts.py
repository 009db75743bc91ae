"""A receipt shows the state of an erasure to anyone with its reference, on a page and over REST, without a name."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms
from privacy.notices.services import send_notice
from privacy.subjects.references import REFERENCE_ALPHABET, new_reference
from tests.app import App
from tests.erasures import asked, erase, held, release, usable_keys
from tests.factories import PASSWORD, make_person, make_sample_policy, make_user, pass_time
from tests.privacy.erasure.test_cancel_page import as_json


def page(client: Client, case: ErasureCase) -> str:
    answer = client.get(f"/receipts/{case.reference}/")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_a_reference_is_never_guessed_nor_misread():
    references = {new_reference() for _ in range(200)}
    assert len(references) == 200
    assert all(re.fullmatch(rf"([{REFERENCE_ALPHABET}]{{5}}-){{3}}[{REFERENCE_ALPHABET}]{{5}}", r) for r in references)
    assert len(REFERENCE_ALPHABET) == 32
    assert set("ILOU").isdisjoint("".join(references))
    assert {letter for reference in references for letter in reference} == {*REFERENCE_ALPHABET, "-"}


def test_while_it_cools_off_the_page_says_until_when_it_may_be_undone(client: Client):
    case = cancel_account(subject=make_user().subject)
    shown = page(client, case)
    assert "Cancelled: you can still keep the account" in shown
    assert '<a class="button" href="/sign-in/">Sign in to keep my account</a>' in shown
    assert f'datetime="{case.due_at:%Y-%m-%dT%H:%M}' in shown
    assert f'datetime="{case.deadline_at:%Y-%m-%dT%H:%M}' in shown
    assert "What was erased" not in shown


def test_before_the_erasure_the_page_says_what_will_be_kept_and_not_once_the_account_was_kept(client: Client):
    case = cancel_account(subject=make_user().subject)
    assert "The law requires us to prove your consent." in page(client, case)
    undo_cancellation(case=case)
    assert "The law requires us to prove your consent." not in page(client, case)


@pytest.mark.parametrize("state", ["cooling_off", "rows_erased"])
def test_once_it_may_not_be_undone_nothing_says_that_it_may(client: Client, state: str):
    case = cancel_account(subject=make_user().subject)
    pass_time(case, settings.COOLING_OFF)
    ErasureCase.objects.filter(pk=case.pk).update(state=state)
    shown = page(client, case)
    assert "Being erased" in shown
    assert "keep the account" not in shown.casefold().replace("keep my account", "keep the account")
    answer = App().get(f"receipts/{case.reference}").json()
    assert answer["may_be_undone"] is False


def test_message_page_and_button_say_the_same(client: Client):
    person = make_person()
    case = cancel_account(subject=person.subject)
    notice = Notice.objects.get(template="account_cancelled")
    context = json.loads(str(notice.context))
    words = [render_sms(notice.template, language, context).body for language in ("en", "zh-hans")]
    words += [render_email(notice.template, language, context).body for language in ("en", "zh-hans")]
    assert ["Keep my account" in words[0], "保留我的账号" in words[1]] == [True, True]
    assert ["“Keep my account”" in words[2], "“保留我的账号”" in words[3]] == [True, True]
    assert f"{settings.SITE_URL}/sign-in/" in words[2]
    assert "Keep my account" in page(client, case)
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert '<button class="button">Keep my account</button>' in client.get("/sign-in/undo/").content.decode()


def test_without_a_cooling_off_period_no_message_promises_one(settings):
    settings.COOLING_OFF = settings.COOLING_OFF * 0
    cancel_account(subject=make_person().subject)
    notice = Notice.objects.get(template="account_cancelled")
    context = json.loads(str(notice.context))
    for render in (render_sms, render_email):
        body = render(notice.template, "en", context).body
        assert "Keep my account" not in body
        assert "None" not in body


def test_an_undone_cancellation_says_that_the_account_was_kept(client: Client):
    case = cancel_account(subject=make_user().subject)
    undo_cancellation(case=case)
    assert "The account was kept, with its data." in page(client, case)


def test_the_page_lists_what_was_erased_and_what_is_kept_with_its_reason(client: Client):
    case = erase(make_person())
    shown = page(client, case)
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', shown))
    assert rows["Keys (without them, no copy of the data can be read)"] == str(len(SEALED_CLASSES))
    assert rows["accounts"] == rows["profiles"] == rows["contact points"] == "1"
    receipt = ErasureReceipt.objects.get()
    assert len(rows) == len(receipt.counts)
    assert "consent records</strong> (1): The law requires us to prove your consent." in shown
    assert f"Entry {receipt.position} of our chain of receipts" in shown
    assert "Data under legal hold" not in shown


def test_the_page_says_what_a_law_makes_us_keep_until_when(client: Client):
    make_sample_policy()
    user = make_person()
    until = held(user, "contact", "security").until
    shown = page(client, erase(user))
    assert "A criminal or administrative investigation, a trial, a judgment</strong> (policy clause 1.7.3)" in shown
    assert "Court order 12/2026. Kept: contact points and security events, until" in shown
    assert f"{until:%B} {until.day}, {until.year}" in shown.replace("Sept.", "September").replace("Dec.", "December")


def test_while_it_cools_off_the_page_says_what_a_law_makes_us_keep_as_holds_stand_now(client: Client):
    user = make_person()
    asked(user, "security")
    hold = held(user, "contact")
    case = cancel_account(subject=user.subject)
    assert "Court order 12/2026. Kept: contact points, until" in page(client, case)
    assert [held["classes"] for held in App().get(f"receipts/{case.reference}").json()["held"]] == [["contact"]]
    release(hold)
    assert "Data under legal hold" not in page(client, case)
    assert App().get(f"receipts/{case.reference}").json()["held"] == []


def test_an_undone_cancellation_says_nothing_of_holds(client: Client):
    user = make_person()
    held(user, "contact")
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    assert "Data under legal hold" not in page(client, case)


def test_a_chinese_receipt_names_everything_in_chinese(client: Client):
    user = make_person()
    send_notice(
        subject=user.subject,
        channel="sms",
        address="+381641234567",
        template="password_changed",
        language="en",
        context={},
    )
    held(user, "contact", "account")
    case = erase(user)
    shown = client.get(f"/receipts/{case.reference}/", headers={"Accept-Language": "zh-Hans"}).content.decode()
    erased = re.findall(r'<th scope="row">([^<]+)</th>', shown)
    kept = re.findall(r"<li><strong>([^<]+)</strong>", shown)
    assert "发给您的消息" in erased
    assert [name for name in erased + kept if re.search(r"[A-Za-z]", name)] == []
    assert "account" not in shown.split("依法保留的数据")[1].split("</ul>")[0]


def test_over_rest_a_receipt_is_complete():
    case = erase(make_person())
    receipt = ErasureReceipt.objects.get()
    answer = App().get(f"receipts/{case.reference}")
    assert answer.status_code == 200
    found = answer.json()
    erased_things = {thing["holder"]: thing["count"] for thing in found.pop("erased")}
    kept_things = {thing["holder"]: thing["count"] for thing in found.pop("kept")}
    assert found == {
        "reference": case.reference,
        "state": "erased",
        "ground": "7",
        "clause": None,
        "moved_to": None,
        "cancelled_at": as_json(case.cancelled_at),
        "may_be_undone": False,
        "undo_until": None,
        "erased_by": as_json(case.deadline_at),
        "erased_at": as_json(case.erased_at),
        "erased_again_at": None,
        "earlier": [],
        "held": [],
        "recipients": [],
        "hash": bytes(receipt.hash).hex(),
    }
    assert erased_things == receipt.counts
    assert list(erased_things) == sorted(erased_things)
    assert erased_things["accounts.profile"] == 1
    assert kept_things["privacy.consentrecord"] == 1


@pytest.mark.parametrize(
    "written",
    [
        lambda reference: reference.lower(),
        lambda reference: reference.replace("-", ""),
        lambda reference: f" {reference.replace('-', ' ')} ",
        lambda reference: reference.replace("-", "_").lower(),
    ],
    ids=["lower case", "without dashes", "spaces", "underscores"],
)
def test_a_reference_is_found_however_it_was_copied(client: Client, written):
    cancel_account(subject=make_user().subject)
    case = cancel_account(subject=make_user().subject)
    answer = client.get("/receipts/", {"reference": written(case.reference)})
    assert answer.headers["Location"] == f"/receipts/{case.reference}/"
    assert App().get(f"receipts/{written(case.reference).strip()}").json()["reference"] == case.reference


def test_a_reference_in_lower_case_in_the_address_is_the_same(client: Client):
    case = cancel_account(subject=make_user().subject)
    assert client.get(f"/receipts/{case.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("reference", ["AAAAA-AAAAA-AAAAA-AAAAA", "-", "x" * 41])
def test_a_reference_that_there_is_not_is_not_found(client: Client, reference: str):
    cancel_account(subject=make_user().subject)
    answer = client.get("/receipts/", {"reference": reference})
    assert answer.status_code == 200
    errors = answer.context["form"].errors.as_data()
    assert [error.code for error in errors["reference"]] == ["max_length" if len(reference) > 40 else "unknown"]
    assert errors.keys() == {"reference"}
    assert client.get(f"/receipts/{reference}/").status_code == 404
    missing = App().get(f"receipts/{reference}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_the_empty_form_complains_of_nothing(client: Client):
    shown = client.get("/receipts/").content.decode()
    assert 'name="reference"' in shown
    assert "There is no receipt" not in shown
    assert 'autocomplete="off"' in shown
    assert 'spellcheck="false"' in shown


def test_a_receipt_holds_no_name(client: Client):
    user = make_person(phone="+381641112223")
    names = ("Maria", "381641112223", user.username)
    case = erase(user)
    shown = page(client, case) + App().get(f"receipts/{case.reference}").content.decode()
    assert not any(name in shown for name in names)
    assert usable_keys(user) == []


@pytest.mark.django_db
def test_a_reference_that_may_be_of_a_request_says_how_to_open_that(client: Client):
    whole, part = (client.get("/receipts/", {"reference": typed}) for typed in (new_reference(), "7KQ2M-0XW4D"))
    assert "open the request by the link in our message" in whole.content.decode()
    assert "Check each character" in part.content.decode()
    assert "open the request" not in part.content.decode()
