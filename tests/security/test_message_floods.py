"""Whoever triggers messages over and over: each counts, equal ones are folded, and the budget of SMS holds."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.contact_points.codes import count_code
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.limits.counting import RateLimited
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.subjects.models import DataSubject
from tests.app import App
from tests.declarations import message_alarms
from tests.factories import make_person

NUMBER, MAIL = "+4915123456789", "maria@example.com"


@pytest.fixture(autouse=True)
def _outbox(limits_on, settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path


@pytest.fixture
def subject():
    return DataSubject.objects.create(jurisdiction="intl")


def send(subject, template="password_changed", **changed):
    given = {"channel": "sms", "address": NUMBER, "language": "en", "context": {"minutes": "10", "at": "", "until": ""}}
    return send_notice(subject=subject, template=template, **given | changed)


def a_code(subject, **changed):
    return send(subject, "verification_code", code="493817", **changed)


def test_a_second_cancellation_within_the_hour_is_notified_with_its_reference():
    person = make_person()
    first = cancel_account(subject=person.subject)
    undo_cancellation(case=first)
    second = cancel_account(subject=person.subject)
    notices = [json.loads(str(notice.context)) for notice in Notice.objects.filter(template="account_cancelled")]
    assert {context["reference"] for context in notices} == {first.reference, second.reference}


def not_sent():
    return Notice.objects.filter(state="failed", last_error="RateLimited")


def alarms():
    return dict(message_alarms())


def test_eight_copies_make_one_message(subject):
    sent = {send(subject, "copy_ready").pk for _ in range(8)}
    assert len(sent) == Notice.objects.count() == 1
    assert Notice.objects.get().folded == 7


def test_an_equal_message_is_folded_for_an_hour_after_it_was_sent(subject):
    first = send(subject)
    assert deliver_notice(first.pk)
    assert send(subject) == first
    Notice.objects.update(ended_at=timezone.now() - timedelta(minutes=61))
    assert send(subject) != first


def test_an_equal_message_that_still_waits_after_hours_is_not_queued_again(subject):
    first = send(subject)
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=5))
    assert send(subject) == first


def test_a_message_that_was_given_up_suppresses_no_equal_one(subject):
    first = send(subject)
    Notice.objects.update(state="failed", address=None, context=None, ended_at=timezone.now())
    assert send(subject) != first


def test_messages_to_another_address_person_or_about_something_else_are_all_sent(subject):
    other = DataSubject.objects.create(jurisdiction="intl")
    notices = [send(subject), send(subject, address="+4915123456780"), send(other), send(subject, "contact_changed")]
    notices += [send(subject, about="change 1"), send(subject, about="change 2")]
    notices += [send(subject, channel="email", address=MAIL), send(subject, channel="email", address=f"m.{MAIL}")]
    assert len({notice.pk for notice in notices}) == len(notices)


def test_messages_without_addressee_are_never_suppressed():
    assert send(None).pk != send(None).pk


def test_an_address_gets_only_so_many_ordinary_messages_and_the_rest_is_seen(subject):
    for number in range(9):
        send(subject, "copy_ready", about=str(number))
    assert (Notice.objects.filter(state="queued").count(), not_sent().count()) == (6, 3)
    assert set(not_sent().values_list("address", "context")) == {(None, None)}
    assert alarms()["limits"].startswith("3 messages were not sent")
    assert 'portal_notices_ended_1h{outcome="RateLimited"} 3.0' in Client().get("/metrics").content.decode()


def test_ordinary_messages_and_codes_cannot_silence_a_security_message(subject):
    for number in range(30):
        send(subject, "copy_ready", about=str(number)) if number % 2 else try_code(subject)
    cache.set("sms-spent:all", 60)
    assert send(subject).state == "queued"


def try_code(subject):
    try:
        a_code(subject)
    except RateLimited as refused:
        return refused
    return None


def test_a_code_beyond_its_limit_is_refused(subject):
    refused = [try_code(subject) for _ in range(13)]
    assert refused[:12] == [None] * 12
    assert 0 < refused[12].retry_after <= 3600
    assert not not_sent().exists()


def test_a_block_of_numbers_shares_a_limit_and_another_block_does_not(subject):
    for tail in range(60):
        a_code(None, address=f"+49151239{tail:04}")
    assert try_code_to("+491512390061")
    assert not try_code_to("+491512380061")


def try_code_to(address):
    try:
        a_code(None, address=address)
    except RateLimited:
        return True
    return False


def test_a_country_without_its_own_budget_gets_a_quarter(settings):
    settings.SMS_PER_HOUR = 8
    settings.SMS_COUNTRIES = ["DE"]
    lithuania = [try_code_to(f"+3706123456{tail}") for tail in range(3)]
    germany = [try_code_to(f"+491512345678{tail}"[:14]) for tail in range(3)]
    assert (lithuania, germany) == ([False, False, True], [False] * 3)
    assert alarms()["spent:LT"] == "codes by SMS to LT are refused: the budget is used up"


def test_the_budget_alarms_before_it_is_used_up_and_then_refuses_codes_alike(settings, subject):
    settings.SMS_PER_HOUR, settings.SMS_COUNTRIES = 5, ["DE", "RS"]
    for tail in range(4):
        deliver_notice(a_code(None, address=f"+491512345{tail}000").pk)
    assert alarms()["budget:hour"] == "80% of the SMS budget of the hour is used"
    assert not try_code_to("+4915123454000")
    assert try_code_to("+4915123455000")
    # As known numbers, so unknown ones; e-mail costs nothing.
    with pytest.raises(RateLimited):
        count_code(values=["+381641234567"], network="192.0.2.0/24")
    count_code(values=[MAIL], network="192.0.2.0/24")
    assert App().post("auth/code", {"login": "+381641234567"}).status_code == 429
    assert not try_mail(subject)


def try_mail(subject):
    try:
        a_code(subject, channel="email", address=MAIL)
    except RateLimited:
        return True
    return False


def test_no_counter_and_no_column_holds_an_address(subject, monkeypatch):
    keys = []
    counted = lambda counters: keys.extend(counters) or [1] * len(counters)  # noqa: E731
    monkeypatch.setattr("privacy.limits.counting.cache.count", counted)
    send(subject)
    assert len(keys) == 10
    assert not any(NUMBER[1:9] in key for key in keys)
    assert NUMBER.encode() not in bytes(Notice.objects.get().fold_key)
