"""`/settings/cancel/` says what will happen, and then does it; so does the endpoint for apps."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import words_of
from privacy.notices.models import Notice
from privacy.recipients.models import Recipient
from privacy.recipients.services import register_recipient, set_recipient_state
from tests.app import App
from tests.erasures import erase, held
from tests.factories import PASSWORD, agree, make_person, make_policy, make_sample_policy, pass_time

PAGE = "/settings/cancel/"


def test_the_page_says_what_happens_until_when_and_changes_nothing(signed_in: Client, person: User):
    answer = signed_in.get(PAGE)
    now = timezone.now()
    assert abs(answer.context["due_at"] - now - configured.COOLING_OFF) < timedelta(minutes=1)
    latest = configured.COOLING_OFF + configured.ERASE_WITHIN
    assert abs(answer.context["deadline_at"] - now - latest) < timedelta(minutes=1)
    page = answer.content.decode()
    assert "You can change your mind" in page
    assert "Tick the box" not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert not ErasureCase.objects.exists()


def test_the_page_says_once_what_is_kept_and_why(signed_in: Client):
    page = signed_in.get(PAGE).content.decode()
    assert page.count("The law requires us to prove your consent. The record contains no name, only a number.") == 1
    assert page.count("Proof that we erased your data in time. It contains no name, only a reference.") == 1


def test_the_page_names_every_record_that_is_kept_and_how_long(signed_in: Client):
    page = signed_in.get(PAGE).content.decode().casefold()
    kept = [(model._meta.verbose_name_plural, record) for model, record in declared_records() if record.keeps]
    assert [str(name) for name, _record in kept if str(name).casefold() not in page] == []
    assert [str(name) for name, record in kept if words_of(record.retention).casefold() not in page] == []


def test_the_page_states_the_periods_of_the_settings(signed_in: Client, settings):
    settings.COOLING_OFF, settings.ERASE_WITHIN = timedelta(days=3), timedelta(hours=5)
    page = signed_in.get(PAGE).content.decode()
    assert "You have 3 days to change your mind." in page
    assert "Within 5 hours after that" in page


def test_the_page_names_who_is_told(signed_in: Client):
    assert "We tell those who hold your data" not in signed_in.get(PAGE).content.decode()
    register_recipient(name="Acme Logistics", url="https://acme.example/", classes=["contact"])
    former, _secret = register_recipient(name="Former", url="https://former.example/", classes=["contact"])
    set_recipient_state(recipient=former, state=Recipient.State.RETIRED)
    assert "We also tell the recipients of your data to stop: Acme Logistics." in signed_in.get(PAGE).content.decode()


def test_the_page_says_before_what_a_law_makes_us_keep_of_this_person(signed_in: Client, person: User):
    held(make_person(), "security")
    assert "Data under legal hold" not in signed_in.get(PAGE).content.decode()
    held(person, "contact")
    assert "a judgment</strong>: Court order 12/2026. Kept" in signed_in.get(PAGE).content.decode()
    agree(person.subject, make_sample_policy())
    page = signed_in.get(PAGE).content.decode()
    assert "a judgment</strong> (policy clause 1.7.3): Court order 12/2026. Kept: contact points, until" in page
    assert "Kept: security" not in page
    assert "Data under legal hold is not included. See below." in page


def test_kept_data_is_named_in_the_order_of_the_receipt(signed_in: Client, client: Client, person: User):
    announced = re.findall(r"<li><strong>([^<]+)</strong>: [A-Z]", signed_in.get(PAGE).content.decode())
    assert announced[:2] == ["Accesses by staff", "Consent records"]
    assert "Account cancellations and erasure receipts" in announced
    shown = client.get(f"/receipts/{erase(person).reference}/").content.decode()
    stays = [name.capitalize() for name in re.findall(r"<li><strong>([^<]+)</strong> \(\d+\): [A-Z]", shown)]
    announced_one_by_one = [name.capitalize() for names in announced for name in re.split(", | and ", names)]
    assert stays == [name for name in announced_one_by_one if name in stays]


def test_without_a_cooling_off_period_nothing_can_be_undone(signed_in: Client, settings):
    settings.COOLING_OFF = timedelta(0)
    page = signed_in.get(PAGE).content.decode()
    assert "You can change your mind" not in page
    assert "Your data is erased within 24 hours. That cannot be undone." in page


@pytest.mark.parametrize("sent", [{}, {"confirmed": ""}])
def test_without_the_tick_nothing_is_cancelled(signed_in: Client, sent: dict[str, str]):
    answer = signed_in.post(PAGE, sent)
    assert "Tick the box to cancel the account." in answer.content.decode()
    assert not ErasureCase.objects.exists()


def test_the_tick_alone_in_the_address_cancels_nothing(signed_in: Client):
    assert signed_in.get(PAGE, {"confirmed": "yes"}).status_code == 200
    assert not ErasureCase.objects.exists()


def test_cancelling_signs_out_and_leads_to_the_receipt(signed_in: Client, person: User):
    Notice.objects.all().delete()
    answer = signed_in.post(PAGE, {"confirmed": "yes"})
    case = ErasureCase.objects.get(subject=person.subject)
    assert answer.headers["Location"] == f"/receipts/{case.reference}/"
    assert "_auth_user_id" not in signed_in.session
    assert f"{configured.SITE_URL}/receipts/{case.reference}/" in Notice.objects.get().context


def cancelled_elsewhere(person: User) -> ErasureCase:
    """Cancel in another request, after this one was authenticated."""
    now = timezone.now()
    times = {"cancelled_at": now, "due_at": now, "next_attempt_at": now, "deadline_at": now}
    return ErasureCase.objects.create(subject=person.subject, **times)


def test_a_person_who_cancelled_elsewhere_is_led_to_that_receipt(signed_in: Client, person: User):
    case = cancelled_elsewhere(person)
    answer = signed_in.post(PAGE, {"confirmed": "yes"})
    assert answer.headers["Location"] == f"/receipts/{case.reference}/"
    assert ErasureCase.objects.count() == 1


def test_an_app_cancels_and_gets_the_state(person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    Notice.objects.all().delete()
    answer = app.post("me/cancellation", {"confirmed": True})
    assert answer.status_code == 201
    case = ErasureCase.objects.get()
    assert answer.json() == {
        "reference": case.reference,
        "state": "cooling_off",
        "ground": "7",
        "clause": None,
        "moved_to": None,
        "cancelled_at": as_json(case.cancelled_at),
        "may_be_undone": True,
        "undo_until": as_json(case.due_at),
        "erased_by": as_json(case.deadline_at),
        "erased_at": None,
        "erased_again_at": None,
        "earlier": [],
        "erased": [],
        "kept": [],
        "held": [],
        "recipients": [],
        "hash": None,
    }
    assert f"{configured.SITE_URL}/receipts/{case.reference}/" in Notice.objects.get().context
    assert app.get("me").status_code == 401


def test_an_app_learns_that_the_account_was_cancelled_elsewhere(person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    cancelled_elsewhere(person)
    answer = app.post("me/cancellation", {"confirmed": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_cancelled")


def test_an_app_may_cancel_instead_of_agreeing_to_a_changed_policy(person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    make_policy(text="And your shoe size.")
    assert app.send("PATCH", "me", {"company_name": "Example"}).json()["code"] == "consent_required"
    assert app.post("me/cancellation", {"confirmed": True}).status_code == 201


def test_an_app_that_signed_in_long_ago_is_asked_again(person: User, settings):
    app = App()
    app.sign_in(person.username, PASSWORD)
    settings.FRESH_SIGN_IN = timedelta(0)
    answer = app.post("me/cancellation", {"confirmed": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "fresh_sign_in_required")
    assert not ErasureCase.objects.exists()


def test_an_app_learns_that_an_undo_is_too_late(person: User):
    app = App()
    case = cancel_account(subject=person.subject)
    app.token = app.sign_in(person.username, PASSWORD).json()["token"]
    pass_time(case, configured.COOLING_OFF)
    answer = app.send("DELETE", "me/cancellation")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_undo")
    assert not User.objects.get().is_active


@pytest.mark.parametrize("body", [{}, {"confirmed": False}, {"confirmed": "yes"}, {"confirmed": None}])
def test_an_app_says_clearly_that_the_person_wants_it(person: User, body: dict[str, object]):
    app = App()
    app.sign_in(person.username, PASSWORD)
    answer = app.post("me/cancellation", body)
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"confirmed"}
    if body.get("confirmed") is False:
        assert answer.json()["errors"]["confirmed"][0]["code"] == "required"
    assert not ErasureCase.objects.exists()


def as_json(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
