"""Waits grow, failures in a row disable an authenticator, and known devices still sign in."""

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.security_events.failures_in_a_row import FIRST_NOTICE_AT, Authenticator, judge
from accounts.sessions.models import KnownDevice
from accounts.tries.limits import GROWING
from accounts.tries.models import ConsecutiveFailures, TryTotal, TryWait
from accounts.tries.tasks import remove_old_counts
from accounts.tries.waits import take_turn
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.app import App
from tests.erasures import erase
from tests.factories import PASSWORD, give_second_factor, make_user
from tests.sign_in_clients import app_code, newest_code

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


pytestmark = pytest.mark.usefixtures("limits_on")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": login, "password": password}, **more)


def phone_of(person: User) -> str:
    return str(ContactPoint.objects.get(subject_id=person.subject_id).value)


def fail(person: User, times: int, authenticator: Authenticator = Authenticator.PASSWORD) -> None:
    for _ in range(times):
        judge(person.subject_id, authenticator, right=False)


def test_waits_grow_and_end():
    waited = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(GROWING.free):
            assert take_turn([b"name"], GROWING) == 0
        for _ in range(7):
            waited.append(take_turn([b"name"], GROWING))
            assert take_turn([b"name"], GROWING) == waited[-1]  # a refused try makes no wait longer
            clock.shift(waited[-1])
            assert take_turn([b"name"], GROWING) == 0
    assert waited == [30, 60, 120, 240, 480, 900, 900]


def test_waits_are_forgotten_after_a_day_without_a_try():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(GROWING.free):
            take_turn([b"name"], GROWING)
        clock.shift(dt.timedelta(days=1, minutes=1))
        remove_old_counts()
        assert not TryWait.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_a_login_waits_known_or_not(known: bool):
    name = make_user().username if known else "nobody-here"
    answers = [App().sign_in(name, "wrong").status_code for _ in range(GROWING.free + 1)]
    assert answers == [422] * GROWING.free + [429]


def test_a_right_password_ends_the_waits(client: Client):
    user = make_user()
    for _ in range(2):
        for _ in range(GROWING.free - 1):
            assert sign_in(client, user.username, "wrong").status_code == 200
        assert sign_in(client, user.username).status_code == 302
        client.post("/sign-out/")


def test_a_hundred_wrong_passwords_disable_the_password_without_a_visible_sign(client: Client, person: User):
    fail(person, 99)
    assert sign_in(client, person.username).status_code == 302
    client.post("/sign-out/")
    fail(person, 100)
    wrong = sign_in(Client(), person.username, "wrong")
    right = sign_in(Client(), person.username)
    assert right.status_code == wrong.status_code == 200
    assert right.context["form"].errors == wrong.context["form"].errors


def test_the_owner_is_notified_of_failures_once_at_each_threshold(person: User):
    notices = Notice.objects.filter(template="failures_in_a_row", subject_id=person.subject_id)
    fail(person, FIRST_NOTICE_AT - 1)
    assert not notices.exists()
    fail(person, 1)
    assert notices.count() == 1
    fail(person, 120)
    assert notices.count() == 2


def test_the_owner_is_notified_of_failures_at_each_authenticator(person: User):
    fail(person, FIRST_NOTICE_AT)
    fail(person, FIRST_NOTICE_AT, Authenticator.APP)
    notices = Notice.objects.filter(template="failures_in_a_row", subject_id=person.subject_id)
    assert sorted(json.loads(notice.context)["what"] for notice in notices) == ["app", "password"]


def test_recovering_makes_a_stopped_password_work_again(client: Client, person: User):
    fail(person, 100)
    client.post("/recover/", {"login": phone_of(person)})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})
    new = "Granite-Willow-Basket-72"
    client.post("/recover/password/", {"password": new})
    assert not ConsecutiveFailures.objects.filter(subject_id=person.subject_id).exists()
    assert sign_in(client, person.username, new).status_code == 302


def test_a_right_code_does_not_pass_once_the_app_is_stopped(client: Client, person: User):
    give_second_factor(person)
    fail(person, 100, Authenticator.APP)
    sign_in(client, person.username)
    wrong = client.post("/sign-in/second-step/", {"code": "000000"})
    right = client.post("/sign-in/second-step/", {"code": app_code()})
    assert right.status_code == wrong.status_code == 200
    assert right.context["form"].errors == wrong.context["form"].errors
    assert ConsecutiveFailures.objects.get(authenticator="app").count == 102


@pytest.mark.parametrize("between", ["-", " ", ".", "\u2013", "\u3000"])
def test_however_a_code_is_written_it_is_judged_as_a_code_of_the_app(client: Client, person: User, between: str):
    give_second_factor(person)
    fail(person, 100, Authenticator.APP)
    sign_in(client, person.username)
    code = app_code()
    answer = client.post("/sign-in/second-step/", {"code": code[:3] + between + code[3:]})
    assert answer.status_code == 200
    assert not ConsecutiveFailures.objects.filter(authenticator="recovery_codes").exists()


def test_a_used_code_is_used_however_it_is_written(person: User):
    give_second_factor(person)
    step = dt.datetime.fromtimestamp(timezone.now().timestamp() // 30 * 30 + 1, dt.UTC)
    with time_machine.travel(step, tick=False) as clock:
        first, again = Client(), Client()
        sign_in(first, person.username)
        code = app_code()
        assert first.post("/sign-in/second-step/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
        clock.shift(31)
        sign_in(again, person.username)
        full_width = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        for written in (code, f"{code[:3]}-{code[3:]}", full_width):
            assert again.post("/sign-in/second-step/", {"code": written}).status_code == 200


def test_each_authenticator_counts_for_itself(person: User):
    fail(person, 100, Authenticator.RECOVERY_CODES)
    assert judge(person.subject_id, Authenticator.APP, right=True)
    assert not judge(person.subject_id, Authenticator.RECOVERY_CODES, right=True)


def test_another_way_to_sign_in_resets_a_disabled_password(person: User):
    fail(person, 100)
    app = App()
    app.post("auth/code", {"login": phone_of(person)})
    assert app.post("auth/code/confirm", {"code": newest_code("sign_in_code")}).json()["signed_in"]
    assert judge(person.subject_id, Authenticator.PASSWORD, right=True)


def test_failures_of_all_people_are_counted_together(client: Client):
    for number in range(4):
        sign_in(client, f"somebody{number}", "wrong")
    assert TryTotal.objects.get(kind="password_failed").count == 4
    App().post("auth/code", {"login": "+4915123456789"})
    assert TryTotal.objects.get(kind="code_asked").count == 1


def test_rows_of_an_earlier_release_without_a_person_are_deleted():
    ConsecutiveFailures.objects.create(subject=None, authenticator="password", last_at=timezone.now())
    remove_old_counts()
    assert not ConsecutiveFailures.objects.exists()


def test_an_erasure_takes_devices_and_failures_with_it(client: Client, person: User):
    sign_in(client, person.username)
    client.post("/sign-out/")
    fail(person, 3)
    erase(person)
    assert not KnownDevice.objects.filter(subject_id=person.subject_id).exists()
    assert not ConsecutiveFailures.objects.filter(subject_id=person.subject_id).exists()


def test_a_session_confirms_a_few_codes_only_however_many_it_asks_for(person: User):
    app = App()
    app.post("auth/recover", {"login": phone_of(person)})
    answers = [app.post("auth/recover/confirm", {"code": "000001"}) for _ in range(40)]
    codes = [answer.status_code for answer in answers]
    assert codes[0] == 422
    assert set(codes[10:]) == {429}
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_page_confirms_a_few_codes_only(client: Client, person: User):
    client.post("/recover/", {"login": phone_of(person)})
    answers = [client.post("/recover/code/", {"code": "000001"}).status_code for _ in range(11)]
    assert (answers[0], answers[-1]) == (200, 429)
