"""A person with every way to sign in, and the two members of staff whom a reset takes."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.users.models import User
from tests.accounts.staff.resets.steps import PHONE, with_email
from tests.factories import give_second_factor, make_person, make_staff


@pytest.fixture
def person() -> User:
    person = make_person(phone=PHONE)
    with_email(person)
    RecoveryCodes.activate(give_second_factor(person))
    return person


@pytest.fixture
def support() -> User:
    return make_staff("Support", username="support")


@pytest.fixture
def officer() -> User:
    return make_staff("Privacy officer", username="officer")
