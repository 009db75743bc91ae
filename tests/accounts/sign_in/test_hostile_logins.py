"""A hostile login, and one of an erased person, get the usual answer."""

import unicodedata
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError

from accounts.contact_points.logins import contacts_meant
from accounts.contact_points.parsing import clean_email
from accounts.profiles.texts import clean_text
from accounts.sign_in.backends import find_user
from accounts.users.usernames import clean_username
from tests.app import App
from tests.erasures import erase, held
from tests.factories import make_person

# Normalising this takes a time that grows with the square of its length.
LONG = "@a" + "\u0300" * 40_000 + "\u0316" * 40_000


def test_a_long_text_is_refused_before_it_is_normalised():
    with patch.object(unicodedata, "normalize", side_effect=AssertionError("normalised")):
        assert find_user(LONG) is None
        assert contacts_meant(LONG) == []
        with pytest.raises(ValidationError):
            clean_email(LONG)
        with pytest.raises(ValidationError):
            clean_text(LONG, max_length=200)
        with pytest.raises(ValidationError):
            clean_username(LONG)


def test_an_account_of_which_a_hold_keeps_something_answers_like_none():
    person = make_person(phone="+381641112229")
    username = person.username
    held(person, "account", "contact")
    erase(person)
    for login in (username, "+381641112229"):
        assert find_user(login) is None
        answer = App().post("/api/v1/auth/sign-in", {"login": login, "password": "not the password"})
        nobody = App().post("/api/v1/auth/sign-in", {"login": "nobody-here", "password": "not the password"})
        assert answer.status_code == nobody.status_code < 500
    assert App().post("/api/v1/auth/recover", {"login": "+381641112229"}).status_code < 500
