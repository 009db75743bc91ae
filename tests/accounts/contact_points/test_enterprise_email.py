"""The e-mail address of an enterprise is verified before anything but its code is sent there."""

import pytest
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.notices.addresses import addresses_of
from privacy.notices.models import Notice
from tests.app import App
from tests.factories import make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code, register

EMAIL = "office@enterprise.example"
PAGE = "/settings/security/enterprise_email/code/"


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


def is_verified() -> bool:
    return ContactPoint.objects.get(field="enterprise_email").verified_at is not None


def test_the_phone_number_comes_first_and_leads_to_the_code_of_the_address(client: Client):
    register(client, kind="enterprise")
    assert not Notice.objects.filter(channel="email").exists()
    assert client.post("/sign-in/verify/", {"code": newest_code()}).headers["Location"] == PAGE
    assert [notice.template for notice in Notice.objects.filter(channel="email")] == ["verification_code"]
    page = client.get(PAGE).content.decode()
    assert "We sent a 6-digit code to" in page
    client.post(PAGE, {"code": newest_code()})
    assert is_verified()


def test_who_leaves_it_for_later_is_reminded_at_home_and_it_is_not_used(client: Client):
    register(client, kind="enterprise")
    client.post("/sign-in/verify/", {"code": newest_code()})
    home = client.get("/home/").content.decode()
    assert f"{EMAIL} is not verified, so we do not use it." in home
    subject = User.objects.get().subject
    assert EMAIL not in str(addresses_of(subject))
    stranger = Client()
    stranger.post("/sign-in/", {"login": EMAIL, "password": INDIVIDUAL["password"]})
    assert stranger.get("/home/").status_code == 302
    client.post(PAGE, {"again": "yes"})
    client.post(PAGE, {"code": newest_code()})
    assert "is not verified, so we do not use it" not in client.get("/home/").content.decode()
    assert EMAIL in str(addresses_of(subject))


def test_an_app_verifies_it_with_the_token_that_the_phone_number_opened():
    app = App()
    app.register(kind="enterprise")
    assert app.become_verified().json()["signed_in"]
    assert app.get("me").json()["enterprise_email"] is None
    row = next(row for row in app.get("me/contacts").json() if row["field"] == "enterprise_email")
    assert (row["value"], row["waiting"]) == (None, "o•••••@enterprise.example")
    assert app.post("me/contacts/enterprise_email/verify", {"code": newest_code()}).status_code == 200
    assert app.get("me").json()["enterprise_email"] == EMAIL


def test_an_app_asks_for_another_code_without_another_sign_in():
    app = App()
    app.register(kind="enterprise")
    app.become_verified()
    other = App()
    other.sign_in(INDIVIDUAL["username"])
    assert other.post("me/contacts/enterprise_email/code").status_code == 202
    assert other.post("me/contacts/enterprise_email/verify", {"code": newest_code()}).status_code == 200
    assert other.post("me/contacts/enterprise_email/code").json()["code"] == "no_pending_step"
    assert App().post("me/contacts/enterprise_email/code").status_code == 401
    assert is_verified()


def test_a_reached_limit_does_not_block_the_registration(client: Client, limits_on):
    register(client, kind="enterprise")
    code = newest_code()
    others = [App() for _ in range(6)]
    for number, app in enumerate(others):
        app.register(kind="enterprise", username=f"other_{number}", phone=f"+491512345{number:04}")
        app.become_verified()
    answer = client.post("/sign-in/verify/", {"code": code})
    assert answer.headers["Location"] == PAGE
    assert "There is no valid code for" in client.get(PAGE).content.decode()


def test_an_enterprise_that_opens_its_account_by_the_address_is_at_home(client: Client):
    register(client, kind="enterprise")
    address = ContactPoint.objects.get(field="enterprise_email")
    client.post("/sign-in/verify/again/", {"contact": str(address.pk)})
    assert client.post("/sign-in/verify/", {"code": newest_code()}).headers["Location"] == "/home/"
    assert is_verified()
