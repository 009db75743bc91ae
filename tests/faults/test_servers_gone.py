"""Redis flushed and killed, PostgreSQL stopped at once: what was acknowledged is done, and done once."""

import json
import shutil
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.lives import Codes, live, lives
from tests.faults.servers import OwnPostgres, OwnRedis, free_port
from tests.faults.test_killed_workers import CLEAN
from tests.faults.worlds import World, served, wait_until

OPEN = "answer(ErasureCase.objects.exclude(state='erased').count())"


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_redis_flushed_and_killed_loses_no_erasure(portal: World, tmp_path: Path, many):
    rounds = many(2, 50)
    with OwnRedis(tmp_path) as redis, served(portal, REDIS_URL=redis.url):
        people = portal.run(f"answer(make_people({rounds * 4}))")
        for number in range(rounds):
            portal.run(f"answer(cancel_all({people[number * 4 : number * 4 + 4]!r}))", REDIS_URL=redis.url)
            redis.flush() if number % 2 else redis.kill_and_start()
        seconds = wait_until(lambda: portal.run(OPEN) == 0, 120)
    found = portal.run("answer(outcome())")
    assert seconds < 120
    assert found | CLEAN == found
    assert found["erased"] == found["told"] == rounds * 4


def test_while_redis_is_away_a_person_registers_signs_in_and_is_erased(portal: World):
    """Limits count in the database, codes come by the sweeps of beat, and the erasure is in time."""
    [life] = lives(1)
    with served(portal, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0", RATE_LIMITS="on") as address:
        live(address, Codes(portal.folder / "var" / "outbox"), life)
        seconds = wait_until(lambda: portal.run(OPEN) == 0, 60)
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            ready = json.load(answer)
    assert seconds < 60
    assert ready == {"database": "ok", "keys": "ok", "cache": "failed", "broker": "failed", "journal": "ok"}


def test_messages_that_come_again_days_later_do_nothing(portal: World, many):
    portal.run(f"make_people({many(10, 500)}); cancel_all(); erase_due_accounts(); answer(1)")
    before = portal.run("answer(outcome())")
    portal.run(
        """
        from privacy.erasure.tasks import erase_due_accounts as sweep
        from privacy.notices.tasks import send_notice
        for _ in range(3):
            sweep()
            for notice in Notice.objects.values_list("pk", flat=True):
                send_notice(str(notice))
        answer(1)
        """
    )
    assert portal.run("answer(outcome())") == before
    assert before | CLEAN == before


@pytest.mark.postgres
def test_postgresql_stopped_and_started_loses_nothing_that_was_acknowledged(portal: World, tmp_path: Path, many):
    rounds, acknowledged = many(2, 20), []
    with OwnPostgres() as postgres:
        portal.environment |= postgres.environment()
        for alias in ("keys", "default"):
            portal.manage("migrate", "--database", alias, "--verbosity", "0")
        people = portal.run(f"answer(make_people({rounds * 4}))")
        with served(portal):
            for number in range(rounds):
                mine = people[number * 4 : number * 4 + 4]
                cancelling = portal.start(f"answer(cancel_all({mine!r}))")
                time.sleep(1.6)
                postgres.stop_at_once()
                with suppress(subprocess.TimeoutExpired):
                    cancelling.communicate(timeout=30)
                if cancelling.returncode == 0:
                    acknowledged += mine
                postgres.start()
                portal.run(f"answer(cancel_all({mine!r}))") if cancelling.returncode else None
            seconds = wait_until(lambda: portal.run(OPEN) == 0, 60)
        found = portal.run("answer(outcome())")
        gone = portal.run(f"answer(ErasureCase.objects.filter(state='erased', subject__in={acknowledged!r}).count())")
    assert seconds < 60
    assert gone == len(acknowledged)
    assert found | CLEAN == found
    assert found["erased"] == rounds * 4
