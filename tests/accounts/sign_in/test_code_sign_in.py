"""A person signs in by a code on the page, as an app does: with the same limits and answers, and the second factor."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.tries.limits import LIMITS
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from privacy.notices.services import send_due_notices
from tests.factories import PASSWORD, give_second_factor, make_person
from tests.sign_in_clients import app_code, newest_code

PHONE, UNKNOWN = "+4915123456789", "+4915199999999"
ASK, ENTER = "/sign-in/code/", "/sign-in/code/enter/"


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


def ask(client: Client, login: str = PHONE, **more: str) -> str:
    return client.post(ASK, {"login": login, **more}).headers["Location"]


def code() -> str:
    return newest_code("sign_in_code")


def is_signed_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


def test_the_sign_in_page_leads_there_and_keeps_where_the_person_wanted_to_go(client: Client, person: User):
    assert (
        'href="/sign-in/code/?next=/settings/devices/"'
        in client.get("/sign-in/?next=/settings/devices/").content.decode()
    )
    landed = ask(client, next="/settings/devices/")
    assert landed == "/sign-in/code/enter/?next=%2Fsettings%2Fdevices%2F"
    assert client.post(landed, {"code": code()}).headers["Location"] == "/settings/devices/"
    assert is_signed_in(client)


def test_next_leads_only_into_the_portal(client: Client, person: User):
    assert ask(client, next="https://evil.example/") == ENTER
    assert client.post(f"{ENTER}?next=//evil.example/", {"code": code()}).headers["Location"] == "/home/"


def test_a_code_works_once(client: Client, person: User):
    ask(client)
    digits = code()
    assert client.post(ENTER, {"code": digits}).headers["Location"] == "/home/"
    client.post("/sign-out/")
    assert client.post(ENTER, {"code": digits}).headers["Location"] == ASK
    assert not is_signed_in(client)


def test_the_same_code_sent_twice_gets_the_same_answer(client: Client, person: User):
    ask(client)
    twin, digits = Client(), code()
    for name, morsel in client.cookies.items():
        twin.cookies[name] = morsel.value
    answers = [browser.post(ENTER, {"code": digits}).headers["Location"] for browser in (client, twin)]
    assert answers == ["/home/", "/home/"]
    assert is_signed_in(twin)
    assert Session.objects.exclude(subject_id=None).count() == 1


def test_a_wrong_code_is_said_and_the_page_stays(client: Client, person: User):
    ask(client)
    digits = f"{(int(code()) + 1) % 1_000_000:06}"
    page = client.post(ENTER, {"code": digits})
    assert "This code is wrong or has expired" in page.content.decode()
    assert f'value="{digits}"' in page.content.decode()
    assert not is_signed_in(client)


def test_a_code_of_another_browser_signs_no_one_in(client: Client, person: User):
    ask(client)
    other, digits = Client(), code()
    ask(other, UNKNOWN)
    assert "wrong or has expired" in other.post(ENTER, {"code": digits}).content.decode()
    assert not is_signed_in(other)


def test_an_expired_code_is_refused(client: Client, person: User):
    ask(client)
    digits = code()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert "wrong or has expired" in client.post(ENTER, {"code": digits}).content.decode()


@pytest.mark.parametrize("login", [UNKNOWN, "nobody@example.org"])
def test_an_unknown_login_gets_the_same_pages_and_nothing_is_sent(client: Client, person: User, login: str):
    known = Client()
    assert ask(client, login) == ask(known) == ENTER
    pages = [browser.get(ENTER).content.decode() for browser in (client, known)]
    without_tokens = [page.replace(page.partition('csrfmiddlewaretoken" value="')[2][:64], "") for page in pages]
    assert without_tokens[0] == without_tokens[1]
    assert "wrong or has expired" in client.post(ENTER, {"code": "123456"}).content.decode()
    Notice.objects.filter(subject_id=person.subject_id).delete()
    send_due_notices()
    assert not Notice.objects.filter(state=Notice.State.SENT, template="sign_in_code").exclude(
        subject_id=person.subject_id
    )


def test_without_a_request_there_is_no_page_for_the_code(client: Client):
    assert client.get(ENTER).headers["Location"] == ASK
    assert client.post(ENTER, {"code": "123456"}).headers["Location"] == ASK


def test_the_second_factor_is_still_asked_for(client: Client, person: User):
    give_second_factor(person)
    ask(client)
    assert client.post(ENTER, {"code": code()}).headers["Location"] == "/sign-in/second-step/"
    assert "One more step" in client.get("/sign-in/second-step/").content.decode()
    assert not is_signed_in(client)
    client.post("/sign-in/second-step/", {"code": app_code()})
    assert is_signed_in(client)


def test_a_locked_account_stays_locked(client: Client, person: User):
    User.objects.filter(pk=person.pk).update(locked_at=timezone.now())
    ask(client)
    assert client.post(ENTER, {"code": code()}).headers["Location"] == "/sign-in/refused/"
    assert not is_signed_in(client)


def test_a_cancelled_person_is_led_to_the_page_that_undoes_it(client: Client, person: User):
    cancel_account(subject=person.subject)
    ask(client)
    assert client.post(ENTER, {"code": code()}).headers["Location"] == "/sign-in/undo/"


def test_a_change_of_the_account_voids_the_code(client: Client, person: User, signed_in: Client):
    browser = Client()
    ask(browser)
    digits = code()
    signed_in.post("/settings/security/sessions/end/", {"which": "others"})
    browser.post(ENTER, {"code": digits}, follow=True)
    assert not is_signed_in(browser)


def test_requests_and_tries_are_limited_as_over_rest(client: Client, person: User, limits_on: None):
    count = LIMITS["recover"]["contact"].count
    answers = [client.post(ASK, {"login": PHONE}).status_code for _ in range(count + 1)]
    assert answers[-1] == 429
    assert client.post("/api/v1/auth/code", {"login": PHONE}, content_type="application/json").status_code == 429


def test_a_signed_in_person_is_led_on(signed_in: Client):
    assert signed_in.get(ASK).headers["Location"] == "/home/"
    assert signed_in.get(f"{ENTER}?next=/settings/").headers["Location"] == "/settings/"


def test_what_a_code_alone_proves_is_not_enough_to_change_the_sign_in(client: Client, person: User):
    ask(client)
    client.post(ENTER, {"code": code()})
    assert client.get("/settings/security/phone/").headers["Location"].startswith("/sign-in/again/")
    page = client.post("/settings/security/password/", {"current": "wrong", "password": PASSWORD})
    assert page.status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
