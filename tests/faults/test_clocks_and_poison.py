"""A worker whose clock is days wrong, and a person whose erasure always fails: all others are erased in time."""

import pytest

from tests.faults.test_killed_workers import CLEAN
from tests.faults.worlds import World

WRONG_CLOCK = """
import datetime as dt
from django.utils import timezone
right = timezone.now
timezone.now = lambda: right() + dt.timedelta(hours={hours})
"""


@pytest.mark.postgres
@pytest.mark.parametrize("hours", [48, -48])
def test_a_worker_with_a_wrong_clock_erases_nothing_early_and_nothing_late(portal: World, hours: int):
    early, due = portal.run("answer(make_people(2))")
    portal.run(f"answer(cancel_all([{early!r}]))", COOLING_OFF="P1D")
    clock = WRONG_CLOCK.format(hours=hours)
    portal.run(f"{clock}\nanswer(cancel_all([{due!r}]))")
    portal.run(f"{clock}\nerase_due_accounts(); answer(1)")
    states = portal.run("answer({str(case.subject_id): case.state for case in ErasureCase.objects.all()})")
    assert states == {early: "cooling_off", due: "erased"}
    drift = portal.run(
        """
        from django.utils import timezone
        case = ErasureCase.objects.get(state="erased")
        answer([abs((timezone.now() - at).total_seconds()) < 600 for at in (case.cancelled_at, case.erased_at)])
        """
    )
    assert drift == [True, True]


@pytest.mark.long
def test_one_failing_erasure_delays_no_other(portal: World, many):
    people = portal.run(f"answer(make_people({many(25, 1000)}))")
    found = portal.run(
        f"""
        from unittest.mock import patch
        from django.db import DatabaseError
        from privacy.erasure.queries import failing_cases, late_cases
        from privacy.inventory.data_stores import ModelDataStore
        poisonous, erase = DataSubject.objects.get(pk={people[0]!r}).pk, ModelDataStore.erase
        def fail(holder, subjects):
            if poisonous in subjects:
                raise DatabaseError("a message with a value in it")
            return erase(holder, subjects)
        cancel_all()
        with patch.object(ModelDataStore, "erase", fail):
            erase_due_accounts()
        first_page = [str(case.subject_id) for case in failing_cases()]
        answer({{**outcome(), "late": late_cases().count(), "first page": first_page}})
        """
    )
    assert found["erased"] == len(people) - 1
    assert found["first page"] == [people[0]]
    assert found["late"] == 0
    assert found | {**CLEAN, "open": 1} == found
