"""A mistyped phone number is changed before it is verified, within the limits; answers do not show who is known."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import Code, ContactPoint
from accounts.registration import services
from accounts.sign_in.verification import replace_waiting_contacts
from accounts.users.epochs import BeginAgain
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from tests.app import App
from tests.factories import make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.parallel import in_parallel
from tests.sign_in_clients import newest_code, register, shown_text

pytestmark = pytest.mark.embedded

MISTYPED, RIGHT = INDIVIDUAL["phone"], "+4915123450001"
PAGE = "/sign-in/verify/change/"


@pytest.fixture(autouse=True)
def policies() -> None:
    for code in ("cn", "intl"):
        make_policy(code, text=code)


def phones() -> list[tuple[str, bool]]:
    return [(contact.value, bool(contact.verified_at)) for contact in ContactPoint.objects.filter(field="phone")]


def test_the_page_changes_the_number_and_sends_the_code_to_the_new_one(client: Client):
    register(client)
    old = newest_code()
    assert PAGE in client.get("/sign-in/verify/").content.decode()
    page = client.get(PAGE).content.decode()
    assert MISTYPED not in page
    assert client.post(PAGE, {"value": "0151 23450001"}).headers["Location"] == "/sign-in/verify/"
    assert phones() == [(RIGHT, False)]
    assert Code.objects.count() == 1
    new = newest_code()
    if old != new:
        assert "This code is wrong or has expired" in client.post("/sign-in/verify/", {"code": old}).content.decode()
    assert client.post("/sign-in/verify/", {"code": new}).headers["Location"] == "/home/"
    assert phones() == [(RIGHT, True)]


def test_an_invalid_number_is_an_error_of_the_field_and_changes_nothing(client: Client):
    register(client)
    for typed in ("12", "+1 800 253 0000", ""):
        assert client.post(PAGE, {"value": typed}).status_code == 200
    assert phones() == [(MISTYPED, False)]


def test_an_app_changes_the_number():
    app = App()
    app.register()
    answer = app.post("auth/verify/contact", {"value": "0151 23450001"}).json()
    assert (answer["next"], answer["contact"]["masked"]) == ("verify_contact", "+49•••••••••01")
    assert app.post("auth/verify/contact", {"value": "12"}).json()["errors"]["value"][0]["code"] == "invalid_phone"
    assert app.become_verified().json()["signed_in"]
    assert phones() == [(RIGHT, True)]
    assert app.post("auth/verify/contact", {"value": MISTYPED}).json()["code"] == "no_pending_step"
    assert App().post("auth/verify/contact", {"value": MISTYPED}).json()["code"] == "no_pending_step"


def test_the_mistyped_address_that_was_chosen_is_changed_as_well(client: Client):
    register(client, email="jorg@example.com")
    client.post("/sign-in/verify/again/", {"contact": str(ContactPoint.objects.get(field="email").pk)})
    client.post(PAGE, {"value": "joerg@example.com"})
    assert ContactPoint.objects.get(field="email").value == "joerg@example.com"
    assert phones() == [(MISTYPED, False)]
    assert Notice.objects.order_by("-due_at", "-pk").first().channel == "email"


def test_a_number_in_use_is_answered_like_a_free_one():
    make_person(phone=RIGHT)
    answers = []
    for value, username in ((RIGHT, "joerg_gross"), ("+4915123450011", "anna_lind")):
        app = App()
        app.register(username=username, phone="+4915123450099")
        answer = app.post("auth/verify/contact", {"value": value})
        body = answer.json() | {"token": "", "contact": {}}
        answers.append((answer.status_code, body, answer.json()["contact"]["kind"], sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert Notice.objects.filter(template="already_registered").count() == 1


def test_changing_is_limited_as_codes_are_and_stores_nothing_beyond_the_limit(client: Client, limits_on):
    register(client)
    for _ in range(6):
        client.post(PAGE, {"value": RIGHT})
    other = Client()
    register(other, username="anna_lind", phone="+4915123450077")
    refused = other.post(PAGE, {"value": RIGHT})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    user = User.objects.get(username_index="anna_lind")
    assert ContactPoint.objects.get(subject=user.subject, field="phone").value == "+4915123450077"


def test_one_registration_changes_its_number_twenty_times_a_day(limits_on):
    app = App()
    app.register()
    statuses = [app.post("auth/verify/contact", {"value": f"+4915123{40 + n}0001"}).status_code for n in range(21)]
    assert statuses == [200] * 20 + [429]


def test_a_number_corrected_in_the_form_gets_the_code(client: Client):
    submission = shown_text(client)["submission"]
    register(client, submission=submission)
    assert register(client, submission=submission, phone=RIGHT).headers["Location"] == "/sign-in/verify/"
    assert User.objects.count() == 1
    assert phones() == [(RIGHT, False)]
    assert client.post("/sign-in/verify/", {"code": newest_code()}).headers["Location"] == "/home/"


def test_a_form_sent_again_corrects_its_number_twenty_times_a_day(client: Client, limits_on):
    submission = str(uuid4())
    register(client, submission=submission)
    numbers = [f"+4915123{40 + n}0001" for n in range(21)]
    statuses = [register(client, submission=submission, phone=number).status_code for number in numbers]
    assert statuses == [302] * 20 + [429]
    assert phones() == [(numbers[19], False)]


def test_a_form_sent_again_is_limited_as_codes_are_and_stores_nothing_beyond_the_limit(client: Client, limits_on):
    for n in range(6):
        register(Client(), username=f"somebody_{n}", phone=RIGHT)
    register(client, submission=(submission := str(uuid4())))
    assert register(client, submission=submission, phone=RIGHT).status_code == 429
    user = User.objects.get(submission=submission)
    assert ContactPoint.objects.get(subject=user.subject, field="phone").value == MISTYPED


def test_a_correction_counts_one_code_to_the_new_number(client: Client, limits_on):
    register(client, submission=(submission := str(uuid4())))
    register(client, submission=submission, phone=RIGHT)
    statuses = [client.post("/sign-in/verify/again/").status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_a_form_whose_first_sending_was_stored_at_the_same_moment_still_corrects(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    register(client, submission=(submission := str(uuid4())))
    made_by, early = services._made_by, [None]
    monkeypatch.setattr(services, "_made_by", lambda *args: early.pop() if early else made_by(*args))
    assert register(client, submission=submission, phone=RIGHT).headers["Location"] == "/sign-in/verify/"
    assert not early
    assert phones() == [(RIGHT, False)]


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.postgres
@pytest.mark.parametrize("typed", [(RIGHT, RIGHT), (RIGHT, "+4915123450002")])
def test_a_corrected_form_sent_twice_at_once_is_answered_twice_and_leaves_one_number(typed: tuple[str, str]):
    for n in range(4):
        person = {"submission": str(uuid4()), "username": f"somebody_{n}"}
        register(Client(), **person, phone=f"+4915123{60 + n}0000")

        def correct(number: int, person: dict[str, str] = person) -> None:
            assert register(Client(), **person, phone=typed[number]).headers["Location"] == "/sign-in/verify/"

        assert in_parallel(2, correct) == ["done"] * 2
    assert len(phones()) == 4
    assert {value for value, _is_verified in phones()} <= set(typed)


def test_a_form_of_the_other_kind_does_not_correct_the_account(client: Client):
    register(client, submission=(submission := str(uuid4())))
    answer = register(Client(), kind="enterprise", submission=submission, phone=RIGHT)
    assert answer.headers["Location"] == "/sign-in/"
    assert phones() == [(MISTYPED, False)]
    assert not ContactPoint.objects.filter(field="enterprise_email").exists()


def test_a_form_sent_again_for_another_countrys_policy_shows_that_policy(client: Client):
    register(client, submission=(submission := str(uuid4())))
    shown = ContactPoint.objects.get(field="phone")
    agreed = PolicyVersion.objects.get(jurisdiction="intl").digest
    answer = register(Client(), "CN", phone="+8613812345678", policy=agreed, submission=submission)
    assert answer.status_code == 409
    assert register(Client(), "CN", phone="+8613812345678", submission=submission).headers["Location"] == "/sign-in/"
    assert list(ContactPoint.objects.filter(field="phone")) == [shown]


@pytest.mark.parametrize("over", [{"verified_at": timezone.now()}, {"is_active": False}, {"epoch": 7}])
def test_an_account_that_is_verified_or_over_by_now_keeps_its_number(client: Client, over: dict[str, object]):
    register(client)
    user = User.objects.get()
    User.objects.update(**over)
    with pytest.raises(BeginAgain):
        replace_waiting_contacts(user=user, values={"phone": RIGHT}, network="")
    assert phones() == [(MISTYPED, False)]


def test_a_registration_that_is_over_changes_nothing(client: Client):
    assert client.post(PAGE, {"value": RIGHT}).headers["Location"] == "/sign-in/"
    register(client)
    User.objects.update(is_active=False)
    assert client.post(PAGE, {"value": RIGHT}).headers["Location"] == "/sign-in/"
    assert phones() == [(MISTYPED, False)]


def test_an_address_that_a_repeated_form_leaves_out_is_deleted(client: Client):
    submission = str(uuid4())
    register(client, submission=submission, email="someone.else@example.com")
    register(client, submission=submission, email="")
    assert list(ContactPoint.objects.values_list("field", flat=True)) == ["phone"]
    assert User.objects.count() == 1
