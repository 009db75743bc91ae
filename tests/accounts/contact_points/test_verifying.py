"""A new account opens once the contact point that its jurisdiction asks for is verified."""

import pytest
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.factories import make_policy, make_subject
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code, register


@pytest.fixture(autouse=True)
def policies() -> None:
    for code in ("cn", "intl"):
        make_policy(code, text=code)


def give(client: Client, code: str):
    return client.post("/sign-in/verify/", {"code": code})


def test_the_right_code_opens_the_account(client: Client):
    register(client)
    assert client.get("/home/").status_code == 302
    assert give(client, newest_code()).headers["Location"] == "/home/"
    assert User.objects.get().is_verified
    assert client.get("/home/").status_code == 200


def test_digits_may_be_typed_in_groups(client: Client):
    register(client)
    code = newest_code()
    assert give(client, f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize("code", ["", "12", "abcdef", "１２３４５６", "000000\x00"])
def test_an_invalid_code_is_an_error_and_costs_no_try(client: Client, code: str):
    register(client)
    assert give(client, code).status_code == 200
    assert give(client, newest_code()).status_code == 302


def test_a_wrong_code_keeps_the_account_shut(client: Client):
    register(client)
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    assert "This code is wrong or has expired" in give(client, wrong).content.decode()
    assert not User.objects.get().is_verified


def test_where_either_will_do_the_code_may_go_to_the_e_mail(client: Client):
    register(client, email="joerg@example.com")
    email = ContactPoint.objects.get(field="email")
    Notice.objects.all().delete()
    client.post("/sign-in/verify/again/", {"contact": str(email.pk)})
    assert Notice.objects.get().channel == "email"
    assert give(client, newest_code()).headers["Location"] == "/home/"


def test_in_mainland_china_only_the_phone_will_do(client: Client):
    register(client, "CN", phone="+8613800138000", email="zhang@example.com")
    page = client.get("/sign-in/verify/").content.decode()
    assert "example.com" not in page
    client.post("/sign-in/verify/again/", {"contact": str(ContactPoint.objects.get(field="email").pk)})
    assert set(Notice.objects.values_list("channel", flat=True)) == {"sms"}


def test_a_later_sign_in_sends_a_new_code(client: Client):
    register(client)
    Notice.objects.all().delete()
    later = Client()
    answer = later.post("/sign-in/", {"login": INDIVIDUAL["username"], "password": INDIVIDUAL["password"]})
    assert answer.headers["Location"] == "/sign-in/verify/"
    assert give(later, newest_code()).headers["Location"] == "/home/"


def test_a_number_belongs_to_the_first_person_who_verifies_it(client: Client):
    register(client)
    code = newest_code()
    mark_verified(add_contact_point(subject=make_subject(), field="phone", value=INDIVIDUAL["phone"]))
    assert "This code is wrong or has expired" in give(client, code).content.decode()


def test_the_page_shows_the_number_masked_only(client: Client):
    register(client)
    page = client.get("/sign-in/verify/").content.decode()
    assert INDIVIDUAL["phone"] not in page
    assert "+49" in page


def test_the_page_needs_a_registration(client: Client):
    assert client.get("/sign-in/verify/").headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/verify/again/").headers["Location"] == "/sign-in/"


def test_a_name_given_up_to_a_newer_registration_is_chosen_again(client: Client):
    register(client)
    code = newest_code()
    newer = Client()
    register(newer, phone="+4915123450001")
    newer.post("/sign-in/verify/", {"code": newest_code()})
    give(client, code)
    assert "before you verified your account" in client.get("/home/").content.decode()
