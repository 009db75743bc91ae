"""The same right code sent twice, in parallel or in sequence, gets the same answer."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.security_events.models import SecurityEvent
from accounts.sessions.models import Session
from accounts.sessions.tasks import remove_expired_sessions
from accounts.users.models import User
from portal.runtime.schedule import beat_schedule
from tests.app import App, registered
from tests.factories import PASSWORD, give_second_factor, make_person, make_policy
from tests.parallel import in_parallel
from tests.sign_in_clients import app_code, newest_code, register

PHONE, NEW = "+4915123456789", "+4915123450000"
at_once = pytest.mark.django_db(transaction=True, databases="__all__")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def again(browser: Client, cookies: dict[str, str]) -> Client:
    """A browser that did not get the last answer: its cookies are those of before."""
    other = Client()
    for name, value in cookies.items():
        other.cookies[name] = value
    return other


def cookies_of(browser: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def waiting() -> tuple[Client, str]:
    make_policy("intl")
    browser = Client()
    register(browser)
    return browser, newest_code()


def give(browser: Client, code: str) -> HttpResponse:
    return browser.post("/sign-in/verify/", {"code": code})


def signed_in() -> list[Session]:
    return list(Session.objects.exclude(subject_id=None))


def test_a_registration_whose_answer_was_lost_is_signed_in_by_sending_the_code_again():
    browser, code = waiting()
    before = cookies_of(browser)
    assert give(browser, code).headers["Location"] == "/home/"
    second = again(browser, before)
    assert give(second, code).headers["Location"] == "/home/"
    assert second.get("/home/").status_code == 200
    assert browser.get("/home/").status_code == 200
    assert cookies_of(second)["session"] == cookies_of(browser)["session"]
    assert len(signed_in()) == 1


def test_a_browser_that_sends_the_code_again_is_redirected_home():
    make_policy("intl")
    browser = Client(enforce_csrf_checks=True)
    register(checked := Client())
    for name, morsel in checked.cookies.items():
        browser.cookies[name] = morsel.value
    page = browser.get("/sign-in/verify/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    data = {"code": newest_code(), "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in/verify/", {"code": data["code"]}).status_code == 403
    assert browser.post("/sign-in/verify/", data).headers["Location"] == "/home/"
    assert browser.post("/sign-in/verify/", data).headers["Location"] == "/home/"
    assert browser.get("/home/").status_code == 200


def test_another_code_an_old_one_and_one_of_an_ended_session_are_not_taken():
    browser, code = waiting()
    before = cookies_of(browser)
    give(browser, code)
    assert give(again(browser, before), wrong(code)).headers["Location"] == "/sign-in/"
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2, seconds=1)):
        late = again(browser, before)
        assert give(late, code).headers["Location"] == "/sign-in/"
        assert late.get("/home/").status_code == 302
    browser.post("/sign-out/")
    ended = again(browser, before)
    assert give(ended, code).headers["Location"] == "/sign-in/"
    assert ended.get("/home/").status_code == 302


def test_what_leads_to_the_new_secret_is_deleted_by_the_request_that_comes_too_late():
    browser, code = waiting()
    before = cookies_of(browser)
    give(browser, code)
    assert Session.objects.count() == 2
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2, seconds=1)):
        give(again(browser, before), code)
    assert (
        Session.objects.filter(subject_id=None, expire_date__lt=timezone.now() + dt.timedelta(minutes=3)).count() == 0
    )


def test_what_leads_to_the_new_secret_is_swept_within_seconds():
    browser, code = waiting()
    give(browser, code)
    swept = {one["task"]: one["schedule"] for one in beat_schedule().values()}
    assert swept[remove_expired_sessions.name] == settings.SWEEP_EVERY
    assert remove_expired_sessions() == 0
    Session.objects.filter(subject_id=None).update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert remove_expired_sessions() == 1
    assert len(signed_in()) == 1


def test_guessing_the_code_of_an_ended_session_must_wait(limits_on):
    browser, code = waiting()
    before = cookies_of(browser)
    give(browser, code)
    statuses = [give(again(browser, before), wrong(code)).status_code for _ in range(12)]
    assert statuses[0] == 302
    assert statuses[-1] == 429
    assert give(again(browser, before), code).status_code == 429


def test_an_app_gets_the_same_token_twice():
    make_policy("intl")
    app = App()
    app.register()
    code, before = newest_code(), app.token
    first = app.post("auth/verify", {"code": code}).json()
    second = App(before).post("auth/verify", {"code": code}).json()
    assert first["signed_in"]
    assert second["signed_in"]
    assert first["token"] == second["token"] != before
    assert App(before).post("auth/verify", {"code": wrong(code)}).json()["code"] == "no_pending_step"
    assert App(before).get("me").status_code == 401


def test_a_sign_in_by_code_answers_twice_alike():
    make_policy("intl")
    person = make_person(phone=PHONE)
    app = App()
    app.post("auth/code", {"login": PHONE})
    code, before = newest_code("sign_in_code"), app.token
    first = app.post("auth/code/confirm", {"code": code})
    second = App(before).post("auth/code/confirm", {"code": code})
    assert first.json()["token"] == second.json()["token"]
    assert SecurityEvent.objects.filter(subject_id=person.subject_id, kind="signed_in").count() == 1
    assert App(before).post("auth/code/confirm", {"code": wrong(code)}).json()["code"] == "wrong_code"


def test_a_sign_in_by_code_that_waits_for_the_second_factor_still_waits_for_it():
    give_second_factor(make_person(phone=PHONE))
    app = App()
    app.post("auth/code", {"login": PHONE})
    code = newest_code("sign_in_code")
    answers = [app.post("auth/code/confirm", {"code": code}).json() for _ in range(2)]
    assert [(answer["signed_in"], answer["next"]) for answer in answers] == [(False, "second_factor")] * 2


def test_a_recovery_continues_only_by_the_same_code():
    make_person(phone=PHONE)
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    code = newest_code("recovery_code")
    for _ in range(3):
        assert browser.post("/recover/code/", {"code": code}).headers["Location"] == "/recover/password/"
    assert "This code is wrong or has expired" in browser.post("/recover/code/", {"code": wrong(code)}).content.decode()
    app = App()
    app.post("auth/recover", {"login": PHONE})
    code = newest_code("recovery_code")
    assert [app.post("auth/recover/confirm", {"code": code}).status_code for _ in range(2)] == [204, 204]
    assert app.post("auth/recover/confirm", {"code": wrong(code)}).status_code == 422


def test_a_changed_contact_point_is_taken_once_and_answered_twice():
    make_policy("intl")
    app = registered()
    app.post("me/contacts/phone", {"value": NEW})
    code = newest_code()
    answers = [app.post("me/contacts/phone/verify", {"code": code}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert app.post("me/contacts/phone/verify", {"code": wrong(code)}).json()["code"] == "no_pending_step"
    assert SecurityEvent.objects.filter(kind="contact_changed").count() == 1


def test_a_second_factor_sent_twice_signs_in_once():
    person = make_person()
    give_second_factor(person)
    app = App()
    app.sign_in(person.username, PASSWORD)
    code, before = app_code(), app.token
    first = app.post("auth/second-factor", {"code": code}).json()
    second = App(before).post("auth/second-factor", {"code": code}).json()
    assert first["token"] == second["token"]
    assert App(before).post("auth/second-factor", {"code": "000000"}).status_code == 409
    assert len(signed_in()) == 1


@pytest.mark.postgres
@at_once
def test_the_form_sent_three_times_at_once_signs_every_answer_in():
    browser, code = waiting()
    before, browsers = cookies_of(browser), [Client() for _ in range(3)]

    def act(number: int) -> None:
        browsers[number] = again(browser, before)
        assert give(browsers[number], code).headers["Location"] == "/home/"

    assert set(in_parallel(3, act)) == {"done"}
    assert [one.get("/home/").status_code for one in browsers] == [200] * 3
    assert len(signed_in()) == 1


@pytest.mark.postgres
@at_once
def test_an_app_that_sends_its_code_many_times_at_once_gets_one_token():
    make_policy("intl")
    make_person(phone=PHONE)
    app = App()
    app.post("auth/code", {"login": PHONE})
    code, answers = newest_code("sign_in_code"), [{}] * 4

    def act(number: int) -> None:
        answers[number] = App(app.token).post("auth/code/confirm", {"code": code}).json()

    assert set(in_parallel(4, act)) == {"done"}
    assert len({answer["token"] for answer in answers}) == 1
    assert {answer["signed_in"] for answer in answers} == {True}


@pytest.mark.postgres
@at_once
def test_a_recovery_code_sent_in_parallel_continues_each_time():
    make_person(phone=PHONE)
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    code, before, landed = newest_code("recovery_code"), cookies_of(browser), [""] * 4

    def act(number: int) -> None:
        answer = again(browser, before).post("/recover/code/", {"code": code})
        landed[number] = answer.headers.get("Location", "")

    assert set(in_parallel(4, act)) == {"done"}
    assert set(landed) == {"/recover/password/"}


@pytest.mark.postgres
@at_once
def test_a_changed_number_sent_in_parallel_is_notified_once():
    person = make_person(phone=PHONE)
    asking = Client()
    asking.post("/sign-in/", {"login": PHONE, "password": PASSWORD})
    asking.post("/settings/security/phone/", {"value": NEW})
    code, before, landed = newest_code(), cookies_of(asking), [""] * 3

    def act(number: int) -> None:
        answer = again(asking, before).post("/settings/security/phone/code/", {"code": code})
        landed[number] = answer.headers.get("Location", "")

    assert set(in_parallel(3, act)) == {"done"}
    assert set(landed) == {"/settings/security/"}
    assert SecurityEvent.objects.filter(kind="contact_changed").count() == 1
    assert ContactPoint.objects.get(subject=person.subject, field="phone").value == NEW
    assert User.objects.get(pk=person.pk).epoch == person.epoch + 1
