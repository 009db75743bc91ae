"""The two members of staff whom a hold takes."""

import pytest

from accounts.users.models import User
from tests.factories import make_staff
from tests.privacy.holds.in_admin import OFFICER


@pytest.fixture
def asks() -> User:
    return make_staff(OFFICER, username="asks")


@pytest.fixture
def decides() -> User:
    return make_staff(OFFICER, username="decides")
