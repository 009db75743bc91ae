"""A lock that is not waited for is free as soon as it is released."""

import pytest

from privacy.journal.locks import LockTaken, exclusive_lock

pytestmark = pytest.mark.django_db


def test_a_lock_can_be_had_again_at_once():
    taken = 0
    for _again in range(200):
        with exclusive_lock("replay"):
            taken += 1
    assert taken == 200


def test_two_do_not_hold_it():
    entered = []
    with exclusive_lock("replay"), pytest.raises(LockTaken), exclusive_lock("replay"):
        entered.append("a second owner")
    assert entered == []
