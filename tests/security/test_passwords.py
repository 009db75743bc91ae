"""A new password is long enough, breached nowhere, and not made of names of the portal."""

import re
import unicodedata

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client

from accounts.sign_in.password_context import password_context
from accounts.users.hashers import OwaspArgon2Hasher
from accounts.users.models import User
from accounts.users.passwords import CommonPasswordValidator, LengthValidator
from tests.app import App, registered
from tests.factories import PASSWORD, give_second_factor, make_policy, make_user
from tests.sign_in_clients import client_of, registration_step, shown_text

pytestmark = pytest.mark.embedded

OF_CONTEXT = [
    "quectel-portal-2026",
    "privacyportal123",
    "Qu3ct3l-P0rtal-2026!",
    "PRIVACY privacy PRIVACY",
    "quectelconnectivity1",
    "移远通信-quectel-12345678",
    "portal.portal.portal.",
]
BREACHED = ["correcthorsebatterystaple", "thisisapassword", "Qwertyuiopasdfghjkl", "1q2w3e4r5t6y7u8i9o0p"]


def is_refused(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError as error:
        return error.code == "password_too_common"
    return False


@pytest.mark.parametrize("password", [*OF_CONTEXT, *BREACHED])
def test_a_password_of_context_words_or_of_a_breach_is_too_common(password: str, settings):
    settings.PASSWORD_CONTEXT_WORDS = ["移远通信"]
    assert is_refused(password)


def test_the_names_of_hosts_and_of_the_setting_count_as_context(settings):
    assert not is_refused("acmerocket-Xj4w")
    settings.ALLOWED_HOSTS, settings.PASSWORD_CONTEXT_WORDS = ["my.acme.example"], ["Rocket"]
    assert is_refused("acmerocket-Xj4w")


def test_a_long_sentence_may_name_the_portal():
    assert not is_refused("my portal opens with a purple giraffe")


@pytest.mark.parametrize("password", OF_CONTEXT[:2])
def test_both_interfaces_refuse_a_password_of_context_words(password: str, signed_in: Client):
    answer = App().register("DE", password=password, username="somebody", phone="+4915123456780")
    assert "password_too_common" in [error["code"] for error in answer.json()["errors"]["password"]]
    page = signed_in.post("/settings/security/password/", {"current": PASSWORD, "password": password})
    assert "This password is easy to guess" in page.content.decode()


def test_fifteen_characters_without_a_second_factor_and_twelve_with_one():
    user = make_user()
    with pytest.raises(ValidationError) as refused:
        LengthValidator().validate("x" * 14, password_context(user))
    assert refused.value.params == {"min": 15}
    LengthValidator().validate("x" * 15, password_context(user))
    give_second_factor(user)
    LengthValidator().validate("x" * 12, password_context(user))
    with pytest.raises(ValidationError) as refused:
        LengthValidator().validate("x" * 11, password_context(user))
    assert refused.value.params == {"min": 12}


def test_the_page_says_the_number_that_holds_for_this_person(signed_in: Client, person):
    assert "At least 15 characters" in signed_in.get("/settings/security/password/").content.decode()
    give_second_factor(person)
    assert "At least 12 characters" in client_of(person).get("/settings/security/password/").content.decode()


def test_a_new_registration_has_no_second_factor():
    make_policy()
    answer = App().register("DE", password="kite 9 heron x")
    assert [error["code"] for error in answer.json()["errors"]["password"]] == ["password_too_short"]


ANY_CHARACTERS = [
    "correcthorsebatterystapler",
    " kite 9 heron, xylo ",
    "ümläut-Straße-ﬁn-2x",
    "🦊🍇🚲🧊🪁🥁🦉🌵🎷🧭🪴🛶🎯🧩🪵",
    "x9Kq-" * 12 + "long",
]


@pytest.mark.parametrize("password", ANY_CHARACTERS)
def test_a_password_of_any_characters_is_compared_exactly_as_it_was_typed(person: User, password: str):
    person.set_password(password)
    person.save()
    validate_password(password)
    changed = (
        password.swapcase(),
        password.strip(),
        password + " ",
        password[:-1],
        unicodedata.normalize("NFKD", password),
    )
    for other in changed:
        assert User.objects.get().check_password(other) == (other == password)
    client = Client()
    client.post("/sign-in/", {"login": person.username, "password": password})
    assert client.get("/home/").status_code == 200
    assert App().sign_in(person.username, password).json()["signed_in"]


def test_a_password_is_masked_and_left_to_password_managers(client: Client):
    make_policy("intl")
    assert password_fields(client.get("/sign-in/")) == ["current-password"]
    assert password_fields(registration_step(client, "check", **shown_text(client))) == ["new-password"]


def test_a_new_password_is_masked_too(signed_in: Client):
    assert password_fields(signed_in.get("/settings/security/password/")) == ["current-password", "new-password"]


def password_fields(answer: HttpResponse) -> list[str]:
    """What each masked field of a page says to password managers."""
    page = answer.content.decode()
    assert "onpaste" not in page
    return [
        re.search(r'autocomplete="([^"]*)"', field)[1]
        for field in re.findall(r'<input[^>]*type="password"[^>]*>', page)
    ]


def test_a_shorter_password_of_before_still_signs_in(client: Client):
    user = make_user()
    user.password = make_password("kite 9 heron")
    user.save(update_fields=["password"])
    assert client.post("/sign-in/", {"login": user.username, "password": "kite 9 heron"}).status_code == 302


def test_a_new_password_over_rest_follows_the_same_rule():
    make_policy()
    app = registered()
    answer = app.post("auth/password", {"current": "Lantern-Quartz-Orbit-51", "password": "kite 9 heron x"})
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]["password"]] == ["password_too_short"]


def test_a_hash_of_another_cost_is_renewed_at_a_right_password(client: Client, person: User, monkeypatch):
    before = person.password
    monkeypatch.setattr(OwaspArgon2Hasher, "time_cost", 2)
    client.post("/sign-in/", {"login": person.username, "password": "wrong"})
    person.refresh_from_db()
    assert person.password == before
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    person.refresh_from_db()
    assert "t=2" in person.password != before
    assert client.get("/settings/profile/").status_code == 200
