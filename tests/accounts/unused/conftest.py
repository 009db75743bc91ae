"""Every test here: accounts end after a year, and one person who may use theirs."""

import datetime as dt

import pytest

from accounts.models import User
from tests.factories import make_person


@pytest.fixture(autouse=True)
def _a_year(settings):
    settings.UNUSED_AFTER = dt.timedelta(days=365)


@pytest.fixture
def person() -> User:
    return make_person()
