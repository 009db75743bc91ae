"""Every test here: accounts end after a year."""

import datetime as dt

import pytest


@pytest.fixture(autouse=True)
def _a_year(settings):
    settings.UNUSED_AFTER = dt.timedelta(days=365)
