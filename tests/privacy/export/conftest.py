"""A person of whom the portal holds a record of every kind."""

import pytest

from accounts.users.models import User
from tests.copies import make_full_person
from tests.factories import make_policy


@pytest.fixture
def full_person() -> User:
    make_policy("intl", "2024-05")
    return make_full_person()
