"""A sign-in whose step is over continues or begins again, for pages and REST: no 5xx, no second session."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import mark_verified
from accounts.registration.unverified import remove_unverified
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from tests.app import App
from tests.factories import PASSWORD, give_second_factor, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.parallel import in_parallel
from tests.sign_in_clients import app_code, newest_code, register

pytestmark = pytest.mark.embedded

CREDENTIALS = {"login": INDIVIDUAL["username"], "password": INDIVIDUAL["password"]}


class Waiting(App):
    """An app that registered and waits for its code."""

    code = ""


@pytest.fixture
def first() -> Waiting:
    make_policy("intl")
    app = Waiting()
    assert app.register().status_code == 201
    app.code = newest_code()
    return app


def verified(first: Waiting) -> None:
    assert first.post("auth/verify", {"code": first.code}).json()["signed_in"]


def nothing_waits(_first: Waiting) -> None:
    ContactPoint.objects.all().delete()


def expired(_first: Waiting) -> None:
    User.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert remove_unverified() == 1


def erased(first: Waiting) -> None:
    expired(first)
    erase_due_accounts()
    assert not User.objects.exists()


def cancelled(first: Waiting) -> None:
    verified(first)
    assert first.post("me/cancellation", {"confirmed": True}).status_code == 201


OVER = [verified, nothing_waits, expired, erased, cancelled]
however = pytest.mark.parametrize("over", OVER, ids=lambda over: over.__name__)


@however
def test_pages_of_a_step_that_is_over_redirect(first: Waiting, over: Callable[[Waiting], None]):
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        assert browser.post("/sign-in/", CREDENTIALS).headers["Location"] == "/sign-in/verify/"
    get, post, again, every = browsers
    over(first)
    answers = [
        get.get("/sign-in/verify/"),
        post.post("/sign-in/verify/", {"code": first.code}),
        again.post("/sign-in/verify/again/"),
        every.get("/sign-in/verify/"),
        every.post("/sign-in/verify/", {"code": first.code}),
        every.post("/sign-in/verify/again/", {"contact": "none"}),
    ]
    assert [answer.status_code for answer in answers] == [302] * 6
    assert (get.get("/home/").status_code == 200) == (over is verified)
    assert (again.get("/home/").status_code == 200) == (over is verified)


@however
def test_endpoints_of_a_step_that_is_over_go_on_or_say_that_none_waits(first: Waiting, over: Callable[[Waiting], None]):
    apps = [App() for _ in range(3)]
    for app in apps:
        assert app.sign_in(**CREDENTIALS).json()["next"] == "verify_contact"
    session, verify, resend = apps
    over(first)
    assert session.get("auth/session").json()["next"] is None
    answers = [verify.post("auth/verify", {"code": first.code}), resend.post("auth/verify/resend")]
    if over is verified:
        assert [answer.json()["signed_in"] for answer in answers] == [True, True]
        assert verify.get("me").status_code == resend.get("me").status_code == 200
    else:
        assert [answer.json()["code"] for answer in answers] == ["no_pending_step"] * 2


@pytest.mark.parametrize("over", [nothing_waits, expired], ids=lambda over: over.__name__)
def test_a_registration_without_a_contact_to_verify_begins_again(first: Waiting, over, client: Client):
    over(first)
    answer = client.post("/sign-in/", CREDENTIALS, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert App().sign_in(**CREDENTIALS).json()["code"] == "no_pending_step"


def test_the_step_continues_with_the_second_factor(first: Waiting):
    give_second_factor(User.objects.get())  # before the sign-in, which it would void
    second = App()
    second.sign_in(**CREDENTIALS)
    mark_verified(ContactPoint.objects.get())
    assert second.post("auth/verify", {"code": "000000"}).json()["next"] == "second_factor"
    assert second.post("auth/second-factor", {"code": app_code()}).json()["signed_in"]


def test_a_token_that_signed_in_elsewhere_meanwhile_signs_in_once(first: Waiting):
    read_before, token = Session.objects.get(), first.token
    verified(first)
    assert App(token).post("auth/verify", {"code": "000000"}).json()["code"] == "no_pending_step"
    signed_in = Session.objects.filter(subject_id=User.objects.get().subject_id)
    assert [row.pk == read_before.pk for row in signed_in] == [False]


def test_a_registration_in_two_browsers_continues_in_both():
    make_policy("intl")
    one, two = Client(), Client()
    register(one)
    code = newest_code()
    two.post("/sign-in/", CREDENTIALS)
    assert one.post("/sign-in/verify/", {"code": code}).headers["Location"] == "/home/"
    assert two.get("/sign-in/verify/").headers["Location"] == "/home/"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_right_code_given_many_times_at_once_signs_in_once(first: Waiting):
    statuses = [0] * 6

    def act(number: int) -> None:
        statuses[number] = App(first.token).post("auth/verify", {"code": first.code}).status_code

    assert set(in_parallel(6, act)) == {"done"}
    assert set(statuses) == {200}, statuses
    assert Session.objects.filter(subject_id=User.objects.get().subject_id).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_right_code_given_many_times_at_once_on_the_page_is_never_an_error():
    make_policy("intl")
    first = Client()
    register(first)
    code = newest_code()
    statuses = [0] * 6

    def act(number: int) -> None:
        browser = Client()
        browser.cookies.update(first.cookies)
        statuses[number] = browser.post("/sign-in/verify/", {"code": code}).status_code

    assert set(in_parallel(6, act)) == {"done"}
    assert set(statuses) == {302}, statuses
    assert Session.objects.filter(subject_id=User.objects.get().subject_id).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_recovery_codes_given_at_once_with_one_token_sign_in_once():
    person = make_person()
    give_second_factor(person)
    mine = App()
    mine.sign_in(person.username, PASSWORD)
    mine.post("auth/second-factor", {"code": app_code()})
    codes = mine.post("auth/recovery-codes").json()["recovery_codes"]
    waiting = App()
    assert waiting.sign_in(person.username, PASSWORD).json()["next"] == "second_factor"
    statuses = [0] * 4

    def act(number: int) -> None:
        statuses[number] = App(waiting.token).post("auth/second-factor", {"code": codes[number]}).status_code

    assert set(in_parallel(4, act)) == {"done"}
    assert min(statuses) == 200, statuses
    assert set(sorted(statuses)[1:]) <= {409, 422}, statuses
