"""Redis flushed and killed, PostgreSQL stopped at once: what was acknowledged is done, and done once."""

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import full_only
from tests.faults.lives import ApiClient, Codes, live, lives, register
from tests.faults.servers import OwnPostgres, OwnRedis, free_port, silent_server
from tests.faults.test_killed_workers import CLEAN
from tests.faults.worlds import World, served, wait_until

CODE_SECONDS, ERASURE_SECONDS = 30, 60
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
    assert found["erased"] == found["notified"] == rounds * 4


@pytest.mark.parametrize(
    "hangs",
    [pytest.param(False, marks=pytest.mark.long), pytest.param(True, marks=full_only)],
    ids=["refuses", "hangs"],
)
def test_while_redis_is_away_a_person_registers_signs_in_and_is_erased(portal: World, hangs: bool):
    """Limits count in the database, codes come by the sweeps of beat, and the erasure is in time."""
    [life] = lives(1)
    with ExitStack() as stack:
        port = stack.enter_context(silent_server()) if hangs else free_port()
        address = stack.enter_context(served(portal, REDIS_URL=f"redis://127.0.0.1:{port}/0", RATE_LIMITS="on"))
        live(address, Codes(portal.folder / "var" / "outbox"), life)
        seconds = wait_until(lambda: portal.run(OPEN) == 0, 60)
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            ready = json.load(answer)
    assert seconds < 60
    ready.pop("workers")  # beat does their work; whether they are missed yet is a matter of seconds
    assert ready == {"database": "ok", "keys": "ok", "cache": "failed", "broker": "failed", "journal": "ok"}


@full_only
@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_an_outage_of_redis_stops_no_code_and_no_erasure(portal: World, tmp_path: Path):
    codes, people = Codes(portal.folder / "var" / "outbox"), portal.run("answer(make_people(2))")
    with OwnRedis(tmp_path) as redis, ExitStack() as stack:
        portal.environment["REDIS_URL"] = redis.url
        address = stack.enter_context(served(portal, RATE_LIMITS="on"))
        wait_until(lambda: state_of(address) == (200, []), 60)
        redis.kill()
        away = serves(portal, address, codes, people[0])
        assert state_of(address) == (200, ["cache", "broker"])
        redis.start()
        wait_until(lambda: state_of(address) == (200, []), 60)
        back = serves(portal, address, codes, people[1])
    assert (max(away[0], back[0]) < CODE_SECONDS, max(away[1], back[1]) < ERASURE_SECONDS) == (True, True), (away, back)
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found
    assert found["erased"] == found["notified"] == 2


@full_only
@pytest.mark.postgres
@pytest.mark.parametrize(("variable", "name"), [("DATABASE_URL", "database"), ("KEYS_DATABASE_URL", "keys")])
def test_a_database_that_takes_no_writes_for_a_while(portal: World, variable: str, name: str):
    """As after a failover: writes answer 503, reads work, and nothing needs a restart afterwards."""
    codes, [person] = Codes(portal.folder / "var" / "outbox"), portal.run("answer(make_people(1))")
    [life], database = lives(1), portal.environment[variable]
    with served(portal) as address:
        client = ApiClient(address)
        policy = client.ask("GET", f"policies/current?country={life.country}", expect=200)
        agreed = {
            "policy": policy["digest"],
            "language": policy["language"],
            "agreed": True,
            "birth_month": {"year": 1990, "month": 5},
        }
        make_read_only(database, "on")
        wait_until(lambda: state_of(address)[0] == 503, 10)
        assert name in state_of(address)[1]
        refused = client.post(f"registrations/{life.kind}", life.given | life.attested | {"consent": agreed}, 503)
        assert refused["code"] == "unavailable"
        assert client.ask("GET", f"policies/current?country={life.country}", expect=200) == policy
        make_read_only(database, "off")
        wait_until(lambda: state_of(address) == (200, []), 30)
        code_seconds, erasure_seconds = serves(portal, address, codes, person)
    assert (code_seconds < CODE_SECONDS, erasure_seconds < ERASURE_SECONDS) == (True, True)
    found = portal.run("answer(outcome())")
    assert found | CLEAN == found


def serves(portal: World, address: str, codes: Codes, person: str) -> tuple[float, float]:
    """Register one person and erase another; return the seconds until the code and until the erasure."""
    portal.run(f"answer(cancel_all([{person!r}]))")
    begun = time.monotonic()
    code_seconds = register(ApiClient(address), codes, lives(1)[0])
    wait_until(lambda: portal.run(OPEN) == 0, ERASURE_SECONDS)
    sys.stdout.write(f"code {code_seconds:.1f} s, erasure {time.monotonic() - begun:.1f} s\n")
    return code_seconds, time.monotonic() - begun


def state_of(address: str) -> tuple[int, list[str]]:
    """Return what `/readyz` answers: the status, and what it names as failed."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=20) as answer:
            status, checks = answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        status, checks = error.code, json.load(error)
    return status, [name for name, state in checks.items() if state != "ok" and name != "workers"]


def make_read_only(database: str, state: str) -> None:
    """Let a database refuse or take writes, and end its connections, as a failover does."""
    server, _slash, name = database.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.mark.long
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
        postgres.fill()
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
