"""Workers die by SIGKILL, at random and at every boundary of a step: nothing is lost, halved or told twice."""

import random
import time

from tests.faults.scenes import BOUNDARIES, random_boundary
from tests.faults.worlds import World, kill, wait_until

CLEAN = {
    "open": 0,
    "doubled receipts": 0,
    "erased without a receipt": 0,
    "rows of the erased": 0,
    "living keys of the erased": 0,
    "told twice": 0,
    "chain faults": 0,
}


def prepare(portal: World, people: int) -> None:
    portal.run(f"make_people({people}); answer(cancel_all())")


def finish(portal: World) -> float:
    """Let an unharmed worker finish; return how long it took."""
    begun = time.monotonic()
    # A failing batch is put off: the last deaths may have left a wait of a minute, which counts against the 60 s.
    wait_until(
        lambda: portal.run("erase_due_accounts(); answer(ErasureCase.objects.exclude(state='erased').count())") == 0, 60
    )
    return time.monotonic() - begun


def test_workers_killed_at_random_lose_nothing(portal: World, many):
    people, kills = many(30, 1000), many(6, 400)
    prepare(portal, people)
    died = 0
    for _ in range(kills * 3):
        worker = portal.start("erase_until_done(batch=3)")
        time.sleep(random.uniform(1.0, 2.6))
        died += kill(worker)
        if died >= kills:
            break
    assert died >= kills
    assert finish(portal) < 60
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert (found["erased"], found["receipts"], found["told"]) == (people, people, people)


def test_a_worker_that_dies_at_any_boundary_of_a_step_is_followed_by_one_that_finishes(portal: World, many):
    places = [(boundary, after, call) for boundary in BOUNDARIES for after in (False, True) for call in (1, 2)]
    rounds = random.sample(places, 6) if many(1, 0) else places * 4 + [random_boundary() for _ in range(4)]
    people = portal.run(f"answer(make_people({len(rounds) * 5}))")
    died = 0
    for number, (boundary, after, call) in enumerate(rounds):
        mine = people[number * 5 : number * 5 + 5]
        dying = f"die_at({boundary!r}, {after}, {call}); erase_due_accounts(batch=2); answer('lived')"
        worker = portal.start(f"import time; cancel_all({mine!r}); time.sleep(0.2); {dying}")
        worker.communicate(timeout=120)
        died += worker.returncode == -9
    assert died >= len(rounds) // 2
    assert finish(portal) < 60
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert found["erased"] == found["receipts"] == found["told"] == len(rounds) * 5
