"""What is typed as a login may be hostile or belong to somebody who was erased: the answer is the usual one."""

import unicodedata
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.profiles.texts import clean_text
from accounts.sign_in.backends import find_contact, find_user
from accounts.sign_in.contacts import clean_email
from accounts.users.usernames import clean_username
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account
from privacy.holds.services import approve_hold, ask_for_hold
from tests.app import App
from tests.factories import make_person, pass_time

# Normalising this takes a time that grows with the square of its length.
LONG = "@a" + "\u0300" * 40_000 + "\u0316" * 40_000


def test_a_long_text_is_refused_before_it_is_normalised():
    with patch.object(unicodedata, "normalize", side_effect=AssertionError("normalised")):
        assert find_user(LONG) is None
        assert find_contact(LONG) is None
        with pytest.raises(ValidationError):
            clean_email(LONG)
        with pytest.raises(ValidationError):
            clean_text(LONG, max_length=200)
        with pytest.raises(ValidationError):
            clean_username(LONG)


def test_an_account_of_which_a_hold_keeps_something_answers_like_none():
    person = make_person(phone="+381641112229")
    username = person.username
    hold = ask_for_hold(
        subject=person.subject,
        exception="1.7.3",
        legal_basis="Order 1",
        classes=["account", "contact"],
        until=timezone.now() + timedelta(days=9),
        by=uuid4(),
    )
    approve_hold(hold=hold, by=uuid4())
    pass_time(cancel_account(subject=person.subject), settings.COOLING_OFF)
    erase_due_accounts()
    for login in (username, "+381641112229"):
        assert find_user(login) is None
        answer = App().post("/api/v1/auth/sign-in", {"login": login, "password": "not the password"})
        nobody = App().post("/api/v1/auth/sign-in", {"login": "nobody-here", "password": "not the password"})
        assert answer.status_code == nobody.status_code < 500
    assert App().post("/api/v1/auth/recover", {"login": "+381641112229"}).status_code < 500
