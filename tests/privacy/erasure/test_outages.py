"""A database outage is not the failure of a case: the sweep continues as soon as it is back."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from tests.erasures import due
from tests.factories import make_person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


@contextmanager
def keys_away() -> Iterator[None]:
    """Let PostgreSQL end the connection to the keys, and refuse another."""
    keys = connections["keys"].settings_dict["NAME"]
    with connections["default"].cursor() as server:
        server.execute(f'ALTER DATABASE "{keys}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [keys])
        yield
        server.execute(f'ALTER DATABASE "{keys}" ALLOW_CONNECTIONS true')


def test_an_outage_of_the_keys_puts_no_erasure_off():
    for _ in range(3):
        due(make_person())
    with keys_away():
        assert erase_due_accounts() == 0
    erase_due_accounts()
    found = ErasureCase.objects.values_list("state", "attempts", "last_failure")
    assert list(found) == [("erased", 0, "")] * 3
