"""Widely used passwords are refused, long sentences and random ones are not."""

import csv
import string
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.users.passwords import CommonPasswordValidator, PasswordContext, PasswordContextValidator
from tests.forms import error_codes, typed

pytestmark = pytest.mark.embedded

STRONG = [
    "correct horse battery staple",
    "我今天早上在公园里散步时很开心",
    "plum trombone seven rivers",
    "xT9#kLm2@qWz!vB7",
    "ein grüner Elefant tanzt Walzer",
]


@pytest.mark.shared
@pytest.mark.parametrize("minimum", [12, 8])
def test_every_widely_used_password_is_refused(shared: Path, minimum: int):
    path = shared / "corpus/passwords/given/common_passwords.csv"
    with path.open(encoding="utf-8", newline="") as file, override_settings(PASSWORD_MIN_LENGTH=minimum):
        passwords = [row["password"] for row in csv.DictReader(file)]
        assert [password for password in passwords if "password" not in typed(password=password).errors] == []


@pytest.mark.shared
def test_none_is_refused_for_its_length_alone(shared: Path):
    accepted = []
    with (shared / "corpus/passwords/given/common_passwords.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                CommonPasswordValidator().validate(row["password"])
            except ValidationError:
                continue
            accepted.append(row["password"])
    assert accepted == []


@pytest.mark.parametrize("password", STRONG)
def test_a_strong_password_is_accepted(password: str):
    assert "password" not in typed(password=password).errors


@given(password=st.text(string.ascii_letters + string.digits + string.punctuation, min_size=20, max_size=20))
def test_a_password_is_accepted_or_refused_never_an_exception(password: str):
    codes = error_codes(typed(password=password), "password")
    assert set(codes) <= {"password_too_common", "password_too_similar", "required"}


@pytest.mark.parametrize("password", ["é" * 128, "a" * 128, "😀" * 128, "\u202e" * 40, "\x00" * 20])
def test_odd_passwords_get_an_answer(password: str):
    assert set(error_codes(typed(password=password), "password")) <= {
        "password_too_common",
        "null_characters_not_allowed",
    }


def test_a_password_longer_than_the_limit_is_refused():
    assert error_codes(typed(password="correct horse " * 20), "password") == ["max_length"]


@pytest.mark.parametrize(
    "password", ["my name is MUELLERSCHOEN", "call +49 151 23456789 now", "４９１５１２３４５６７８９-xyz"]
)
def test_a_password_made_of_own_data_is_refused(password: str):
    own = PasswordContext(["muellerschoen", "+4915123456789", "49 151 23456789"])
    with pytest.raises(ValidationError):
        PasswordContextValidator().validate(password, own)
