"""A code belongs to the session that requested it: other sessions can neither use, replace nor use it up."""

from uuid import UUID

import pytest
from django.test import Client

from accounts.contact_points.models import Code, ContactPoint
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.factories import PASSWORD, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import client_of, code_in, newest_code, register

PHONE = "+4915123456789"
# Where codes are asked for and given, by whom one who knows only the phone number.
ASKED = [("auth/code", 200), ("auth/recover", 204)]


class Codes:
    """Reads the codes that were sent, each once."""

    def __init__(self) -> None:
        self.seen: set[UUID] = set(Notice.objects.values_list("pk", flat=True))

    def next(self) -> str:
        """Return the code of the one message that is new."""
        notice = Notice.objects.exclude(pk__in=self.seen).get()
        self.seen.add(notice.pk)
        return code_in(notice)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def asked(path: str, codes: Codes) -> tuple[App, str]:
    app = App()
    assert app.post(path, {"login": PHONE}).status_code == 200
    return app, codes.next()


@pytest.mark.parametrize(("path", "status"), ASKED)
def test_a_code_of_another_request_is_refused_and_still_good_for_its_own(path: str, status: int):
    make_person(phone=PHONE)
    codes = Codes()
    x, first = asked(path, codes)
    y, second = asked(path, codes)
    if first == second:
        pytest.skip("one in a million")
    assert x.post(f"{path}/confirm", {"code": second}).json()["code"] == "wrong_code"
    assert y.post(f"{path}/confirm", {"code": second}).status_code == status
    assert x.post(f"{path}/confirm", {"code": first}).status_code == status


@pytest.mark.parametrize(("path", "status"), ASKED)
def test_wrong_tries_of_one_request_burn_no_code_of_another(path: str, status: int, limits_on):
    make_person(phone=PHONE)
    codes = Codes()
    x, _first = asked(path, codes)
    y, second = asked(path, codes)
    for _ in range(5):
        assert x.post(f"{path}/confirm", {"code": wrong(second)}).status_code == 422
    assert y.post(f"{path}/confirm", {"code": second}).status_code == status


@pytest.mark.parametrize(("path", "status"), ASKED)
def test_asking_again_in_one_session_ends_its_earlier_code(path: str, status: int):
    make_person(phone=PHONE)
    codes = Codes()
    app, first = asked(path, codes)
    app.post(path, {"login": PHONE})
    second = codes.next()
    if first != second:
        assert app.post(f"{path}/confirm", {"code": first}).json()["code"] == "wrong_code"
    assert app.post(f"{path}/confirm", {"code": second}).status_code == status
    assert not Code.objects.exists()


@pytest.mark.parametrize("path", [path for path, _status in ASKED])
@pytest.mark.parametrize("known", [True, False])
def test_a_guessing_token_must_wait(path: str, known: bool, limits_on):
    if known:
        make_person(phone=PHONE)
    app = App()
    app.post(path, {"login": PHONE})
    answers = [app.post(f"{path}/confirm", {"code": "000001"}) for _ in range(40)]
    assert [answer.status_code for answer in answers[:5]] == [422] * 5
    assert {answer.status_code for answer in answers[10:]} == {429}
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900


@pytest.mark.parametrize("path", [path for path, _status in ASKED])
def test_a_network_that_guesses_without_requesting_codes_must_wait(path: str, limits_on):
    app = App()
    answers = [app.post(f"{path}/confirm", {"code": "000001"}).status_code for _ in range(105)]
    assert answers == [422] * 100 + [429] * 5


def test_guessing_at_the_pages_must_wait(client: Client, limits_on):
    make_person(phone=PHONE)
    client.post("/recover/", {"login": PHONE})
    code = wrong(newest_code("recovery_code"))
    answers = [client.post("/recover/code/", {"code": code}) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_pages_take_the_code_of_their_own_session_only():
    make_person(phone=PHONE)
    codes, x, y = Codes(), Client(), Client()
    x.post("/recover/", {"login": PHONE})
    first = codes.next()
    y.post("/recover/", {"login": PHONE})
    second = codes.next()
    assert x.post("/recover/code/", {"code": second}).status_code == (302 if first == second else 200)
    assert y.post("/recover/code/", {"code": second}).headers["Location"] == "/recover/password/"


def test_each_waiting_sign_in_has_its_own_code():
    make_policy("intl")
    codes, first, second = Codes(), App(), App()
    first.register()
    one = codes.next()
    second.sign_in(INDIVIDUAL["username"])
    other = codes.next()
    if one != other:
        assert first.post("auth/verify", {"code": other}).json()["code"] == "wrong_code"
    assert second.post("auth/verify", {"code": other}).json()["signed_in"]


def test_wrong_tries_of_one_browser_burn_nothing_of_the_other():
    make_policy("intl")
    codes, first, second = Codes(), Client(), Client()
    register(first)
    code = codes.next()
    second.post("/sign-in/", {"login": INDIVIDUAL["username"], "password": INDIVIDUAL["password"]})
    for _ in range(6):
        second.post("/sign-in/verify/", {"code": wrong(code)})
    assert first.post("/sign-in/verify/", {"code": code}).headers["Location"] == "/home/"


def test_a_code_that_was_sent_again_replaces_that_of_its_own_sign_in_only():
    make_policy("intl")
    codes, first, second = Codes(), App(), App()
    first.register()
    one = codes.next()
    second.sign_in(INDIVIDUAL["username"])
    codes.next()
    second.post("auth/verify/resend")
    codes.next()
    assert first.post("auth/verify", {"code": one}).json()["signed_in"]


def test_guessing_must_wait(limits_on):
    make_policy("intl")
    app = App()
    app.register()
    code = wrong(newest_code())
    answers = [app.post("auth/verify", {"code": code}).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


NEW = "+4915123450000"


def test_a_changed_contact_point_is_verified_by_the_session_that_asked():
    make_policy("intl")
    asking = registered()
    other = App()
    other.sign_in(INDIVIDUAL["username"])
    assert asking.post("me/contacts/phone", {"value": NEW}).status_code == 202
    code = newest_code()
    assert other.post("me/contacts/phone/verify", {"code": code}).json()["code"] == "wrong_code"
    assert asking.post("me/contacts/phone/verify", {"code": code}).status_code == 200


def test_a_changed_contact_point_is_verified_on_the_page_that_asked():
    person = make_person(phone=PHONE)
    asking, other = Client(), client_of(person)
    asking.post("/sign-in/", {"login": PHONE, "password": PASSWORD})
    asking.post("/settings/security/phone/", {"value": NEW})
    code = newest_code()
    page = other.get("/settings/security/phone/code/").content.decode()
    assert "There is no valid code for" in page
    other.post("/settings/security/phone/code/", {"code": code})
    assert not ContactPoint.objects.filter(subject=person.subject, verified_at__isnull=False, index=NEW).exists()
    asking.post("/settings/security/phone/code/", {"code": code})
    assert ContactPoint.objects.filter(subject=person.subject, verified_at__isnull=False, index=NEW).exists()
