"""Half a deployment is killed in the middle of its work: the other half serves all people and finishes all work."""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import full_only
from tests.faults.hosts import Host
from tests.faults.lives import ApiClient, Codes, lives, register
from tests.faults.servers import OwnRedis, free_port
from tests.faults.test_killed_workers import CLEAN
from tests.faults.worlds import World, wait_until

CODE_SECONDS, ERASURE_SECONDS = 30, 60
# So many that some are left when half of those who erase them are killed.
ROUNDS, AT_A_TIME = 4, 150


@full_only
@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_one_of_two_hosts_is_killed_while_it_works_and_the_other_finishes(portal: World, tmp_path: Path):
    var = tmp_path / "var"
    portal.environment |= {"JOURNAL_STORE": str(var / "journal")}
    portal.environment |= {f"{name}_FILE": str(var / f".{name.lower()}") for name in ("SECRET_KEY", "MASTER_KEYS")}
    with ExitStack() as stack:
        (tmp_path / "redis").mkdir()
        portal.environment["REDIS_URL"] = stack.enter_context(OwnRedis(tmp_path / "redis")).url
        two = [Host(portal, tmp_path / name, f"127.0.0.1:{free_port()}") for name in ("first", "second")]
        for host in two:
            stack.callback(host.die)
            assert host.prepare().wait(120) == 0
            host.start()
        people = portal.run(f"answer(make_people({ROUNDS * AT_A_TIME}))")
        for number in range(ROUNDS):
            dying, living = two[number % 2], two[1 - number % 2]
            mine = people[number * AT_A_TIME : (number + 1) * AT_A_TIME]
            cancelling = portal.start(f"answer(cancel_all({mine!r}))")
            before = number * AT_A_TIME
            wait_until(lambda before=before: erased(portal) > before, ERASURE_SECONDS)
            assert dying.die() > len(dying.running)
            left = (number + 1) * AT_A_TIME - erased(portal)
            code_seconds = register(ApiClient(f"http://{living.address}"), Codes(living.outbox), lives(1)[0])
            _output, errors = cancelling.communicate(timeout=60)
            assert cancelling.returncode == 0, errors[-2000:]
            done = (number + 1) * AT_A_TIME
            seconds = wait_until(lambda done=done: erased(portal) == done, ERASURE_SECONDS)
            sys.stdout.write(f"{left} erasures left, code {code_seconds:.1f} s, all erased after {seconds:.1f} s\n")
            assert (left > 0, code_seconds < CODE_SECONDS, seconds < ERASURE_SECONDS) == (True, True, True)
            dying.start()
        found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert found["erased"] == found["notified"] == ROUNDS * AT_A_TIME


def erased(portal: World) -> int:
    """Return how many erasures are done; asked of the database, while the portal is in the middle of others."""
    with psycopg.connect(portal.environment["DATABASE_URL"]) as database:
        row = database.execute("SELECT count(*) FROM privacy_erasurecase WHERE state = 'erased'").fetchone()
    return int(row[0]) if row else 0
