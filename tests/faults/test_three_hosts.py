"""Three hosts behind a proxy are reloaded and restarted one after the other while people use the portal."""

import base64
import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.conftest import full_only
from tests.faults.hosts import Host
from tests.faults.loads import Load
from tests.faults.networks import network, why_no_network
from tests.faults.proxies import RoundRobin
from tests.faults.servers import OwnPostgres, OwnRedis
from tests.faults.test_killed_workers import CLEAN
from tests.faults.worlds import World, wait_until

HOSTS, PORT = 3, 8000
THREADS, MOST = 4, 200
CODE_SECONDS, ERASURE_SECONDS = 30, 60
OPEN = "answer(ErasureCase.objects.exclude(state='erased').count())"
END = """
from django.db.models import Max, F
from privacy.access.models import AccessRecord
from privacy.consent.models import ConsentRecord
from privacy.erasure.models import ErasureReceipt
from privacy.journal.lag import journal_lag
from privacy.journal.services import ERASURES, journal_chains, write_journal
write_journal()
for chain in journal_chains():
    chain.check()
    chain.verify()
late = ErasureReceipt.objects.aggregate(late=Max(F("erased_at") - F("due_at")))["late"]
positions = [line["position"] for line in ERASURES.journal.verified_lines()]
answer({
    "people": User.objects.filter(is_staff=False).count(),
    "late": late.total_seconds(),
    "journal": positions == list(range(1, JournalEntry.objects.count() + 1)),
    "lag": journal_lag().rows,
    "faults": [fault for model in (AccessRecord, ConsentRecord) for fault in chain_errors(model)],
    "queued": Notice.objects.filter(state="queued").count(),
    "outcome": outcome(),
})
"""

pytestmark = [
    full_only,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server"),
]


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[tuple[World, list[Host]]]:
    """Three hosts in namespaces of their own, one PostgreSQL, one Redis, one folder of the journal."""
    if why := why_no_network():
        pytest.skip(why)
    with ExitStack() as stack:
        net = stack.enter_context(network(HOSTS))
        postgres = stack.enter_context(OwnPostgres(address=net.address))
        redis = stack.enter_context(OwnRedis(tmp_path, address=net.address))
        shared = {
            "REDIS_URL": redis.url,
            "JOURNAL_STORE": str(tmp_path / "journal"),
            "SECRET_KEY": secrets.token_urlsafe(64),
            "MASTER_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        portal = stack.enter_context(closing(World(postgres.environment() | shared, tmp_path)))
        made = [
            Host(portal, tmp_path / place.name, f"{place.address}:{PORT}", prefix=place.prefix) for place in net.places
        ]
        for host in made:
            stack.callback(host.die)
        yield portal, made


def test_a_rolling_restart_of_three_hosts_loses_nothing(hosts: tuple[World, list[Host]]):
    portal, three = hosts
    begun = time.monotonic()
    assert [first_start.wait(240) for first_start in [host.prepare() for host in three]] == [0, 0, 0]
    for host in three:
        host.start()
    with RoundRobin(*(host.address for host in three)) as proxy:
        load = Load(proxy.address, [host.outbox for host in three], threads=THREADS, most=MOST)
        load.start()
        try:
            rolled = time.monotonic()
            ends = [end for host in three for end in reload_and_restart(host)]
            rolled = time.monotonic() - rolled
        finally:
            load.stop()
        seconds = wait_until(lambda: portal.run(OPEN) == 0, ERASURE_SECONDS)
        seen, found = load.seen, portal.run(END)
        load.codes.look()
        figures = seen.figures | {
            "starts took": round(time.monotonic() - begun - rolled),
            "rolling took": round(rolled),
            "slowest stop": round(max(host.stop_seconds for host in three), 1),
            "passed over": proxy.passed_over,
            "erased after": round(seconds, 1),
            "latest erasure": found["late"],
        }
        sys.stdout.write(json.dumps(figures) + "\n" + "\n".join(seen.cut + seen.refused) + "\n")
        assert ends == [0] * 3 * HOSTS
        assert (seen.refused, proxy.nobody) == ([], 0)
        assert {status for status in seen.statuses if status >= 500} == set()
        assert len(seen.cut) <= THREADS * HOSTS
        assert max(seen.code_seconds) < CODE_SECONDS
        assert min(len(seen.stayed), len(seen.cancelled)) >= THREADS
        assert [life for life in seen.stayed if not load.signs_in(life)] == []
        assert set(load.codes.came.values()) == {1}
        assert len(load.codes.came) == len(seen.stayed) + len(seen.cancelled) == found["people"] + len(seen.cancelled)
    assert (found["journal"], found["lag"], found["faults"], found["queued"]) == (True, 0, [], 0)
    assert found["late"] < ERASURE_SECONDS
    assert found["outcome"] | CLEAN == found["outcome"]
    assert found["outcome"]["erased"] == found["outcome"]["notified"] == len(seen.cancelled)


def reload_and_restart(host: Host) -> list[int]:
    """Let new processes take over, then restart the host; return how its roles ended."""
    host.reload()
    ends = host.stop()
    host.start()
    return ends
