"""Every verified contact point is notified of each change of the sign-in, and nothing turns that off."""

import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.factories import PASSWORD, give_second_factor, make_person
from tests.passkeys import PasskeyDevice
from tests.sign_in_clients import app_code, client_of, newest_code

PHONE, EMAIL, NEW_EMAIL = "+4915123456789", "maria@example.org", "new@example.org"
NEW_PASSWORD = "Granite-Piano-River-77"
SECURITY = "/settings/security/"


@pytest.fixture
def person() -> User:
    person = make_person(phone=PHONE)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=EMAIL))
    return person


def sent_to() -> dict[str, str]:
    """The template of each message that is no code, by its address."""
    codes = ("verification_code", "recovery_code", "sign_in_code")
    notices = Notice.objects.exclude(template__in=codes).exclude(subject=None).order_by("created_at")
    return {str(notice.address): notice.template for notice in notices if notice.address}


def sign_in_on_a_new_device(person: User, browser: Client) -> None:
    Client().post("/sign-in/", {"login": person.username, "password": PASSWORD})


def sign_in_by_code_on_a_new_device(person: User, browser: Client) -> None:
    device = Client()
    device.post("/sign-in/code/", {"login": PHONE})
    assert device.post("/sign-in/code/enter/", {"code": newest_code("sign_in_code")}).status_code == 302


def change_the_password(person: User, browser: Client) -> None:
    browser.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW_PASSWORD})


def recover(person: User, browser: Client) -> None:
    device = Client()
    device.post("/recover/", {"login": PHONE})
    device.post("/recover/code/", {"code": newest_code("recovery_code")})
    device.post("/recover/password/", {"password": NEW_PASSWORD})


def change_the_username(person: User, browser: Client) -> None:
    shown = browser.get("/settings/profile/").context["form"].initial
    browser.post("/settings/profile/", {key: value or "" for key, value in shown.items()} | {"username": "other_name"})


def add_an_app(person: User, browser: Client) -> None:
    secret = browser.get(f"{SECURITY}app/").context["secret"]
    browser.post(f"{SECURITY}app/", {"code": app_code(secret)})


def remove_the_app(person: User, browser: Client) -> None:
    give_second_factor(person)
    client_of(person).post(f"{SECURITY}app/remove/")


def add_a_passkey(person: User, browser: Client) -> None:
    options = json.loads(browser.get(f"{SECURITY}passkeys/").context["options"])
    made = PasskeyDevice().made(options)
    browser.post(f"{SECURITY}passkeys/", {"credential": json.dumps(made), "passwordless": "on"})


def remove_a_passkey(person: User, browser: Client) -> None:
    PasskeyDevice().set_up(person)
    passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    client_of(person).post(f"{SECURITY}passkeys/{passkey.pk}/remove/")


def make_new_recovery_codes(person: User, browser: Client) -> None:
    give_second_factor(person)
    client_of(person).post(f"{SECURITY}recovery-codes/new/")


ACTS: list[tuple[Callable[[User, Client], None], str, str]] = [
    (sign_in_on_a_new_device, "signed_in", "new_sign_in"),
    (sign_in_by_code_on_a_new_device, "signed_in", "new_sign_in"),
    (change_the_password, "password_changed", "password_changed"),
    (recover, "recovered", "password_changed"),
    (change_the_username, "username_changed", "security_changed"),
    (add_an_app, "mfa_added", "security_changed"),
    (remove_the_app, "mfa_removed", "security_changed"),
    (add_a_passkey, "passkey_added", "security_changed"),
    (remove_a_passkey, "passkey_removed", "security_changed"),
    (make_new_recovery_codes, "recovery_codes_made", "security_changed"),
]


@pytest.mark.parametrize(("act", "event", "template"), ACTS, ids=[act.__name__ for act, _event, _template in ACTS])
def test_both_contact_points_are_notified(
    person: User, signed_in: Client, act: Callable[[User, Client], None], event: str, template: str
):
    Notice.objects.all().delete()
    act(person, signed_in)
    assert SecurityEvent.objects.filter(subject_id=person.subject_id, kind=event).exists()
    assert sent_to() == {PHONE: template, EMAIL: template}


def test_a_change_of_address_is_notified_at_the_old_one_and_all_others_but_not_the_new(person: User, signed_in: Client):
    Notice.objects.all().delete()
    signed_in.post(f"{SECURITY}email/", {"value": NEW_EMAIL})
    signed_in.post(f"{SECURITY}email/code/", {"code": newest_code()})
    assert sent_to() == {PHONE: "security_changed", EMAIL: "contact_changed"}


def test_an_added_address_is_notified_at_the_others():
    other = make_person(phone="+4915123450000")
    browser = client_of(other)
    browser.post("/sign-in/again/", {"password": PASSWORD})
    Notice.objects.all().delete()
    browser.post(f"{SECURITY}email/", {"value": NEW_EMAIL})
    browser.post(f"{SECURITY}email/code/", {"code": newest_code()})
    assert sent_to() == {"+4915123450000": "security_changed"}


def test_the_page_says_so_and_has_no_switch(signed_in: Client):
    page = signed_in.get(SECURITY).content.decode()
    assert "Always on" in page
    assert 'role="switch"' not in page
