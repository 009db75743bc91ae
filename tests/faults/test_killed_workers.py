"""Workers die by SIGKILL, at random and at every boundary of a step: nothing is lost, half-done or notified twice."""

import itertools
import random
import time

import pytest

from tests.faults.scenes import BOUNDARIES
from tests.faults.worlds import World, kill, wait_until

CLEAN = {
    "open": 0,
    "doubled receipts": 0,
    "erased without a receipt": 0,
    "rows of the erased": 0,
    "living keys of the erased": 0,
    "notified twice": 0,
    "chain faults": 0,
}


def prepare(portal: World, people: int) -> None:
    portal.run(f"make_people({people}); answer(cancel_all())")


def finish(portal: World) -> float:
    """Let an unharmed worker finish; return how long it took."""
    sweep = "erase_due_accounts(); answer(ErasureCase.objects.exclude(state='erased').count())"
    return wait_until(lambda: portal.run(sweep) == 0, 60)


@pytest.mark.long
def test_workers_killed_at_random_lose_nothing(portal: World, many):
    people, kills = many(30, 1000), many(6, 400)
    prepare(portal, people)
    died = 0
    for _ in range(kills * 3):
        worker = portal.start("erase_until_done(batch=3)")
        time.sleep(random.uniform(0.1, 0.6))
        died += kill(worker)
        if died >= kills:
            break
    assert died >= kills
    assert finish(portal) < 60
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert (found["erased"], found["receipts"], found["notified"]) == (people, people, people)


def test_a_worker_that_dies_at_any_boundary_of_a_step_is_followed_by_one_that_finishes(portal: World, many):
    places = [(boundary, after, call) for boundary in BOUNDARIES for after in (False, True) for call in (1, 2)]
    wanted, rounds, died = many(6, 100), 0, 0
    people = portal.run(f"answer(make_people({wanted * 10}))")
    for boundary, after, call in itertools.islice(itertools.cycle(random.sample(places, len(places))), wanted * 2):
        dying = f"die_at({boundary!r}, {after}, {call}); erase_due_accounts(batch=2); answer('lived')"
        worker = portal.start(f"cancel_all({people[rounds * 5 : rounds * 5 + 5]!r}); {dying}")
        worker.communicate(timeout=120)
        rounds, died = rounds + 1, died + (worker.returncode == -9)
        if died == wanted:
            break
    assert died == wanted
    assert finish(portal) < 60
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert found["erased"] == found["receipts"] == found["notified"] == rounds * 5
