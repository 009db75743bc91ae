"""Two processes, as on two hosts, write one journal at once; a third has a folder of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.worlds import ROOT, World

WRITE = """
from privacy.journal.services import write_journal
go = Path({go!r})
Path({ready!r}).touch()
while not go.exists():
    time.sleep(0.01)
for person in people:
    cancel_all([person])
    write_journal()
answer(len(people))
"""


def test_two_processes_write_one_sequence(portal: World, tmp_path: Path, many):
    each = many(8, 300)
    people = portal.run(f"answer(make_people({2 * each}))")
    go, writers = tmp_path / "go", []
    for number in range(2):
        mine = people[number * each : (number + 1) * each]
        script = WRITE.format(go=str(go), ready=str(tmp_path / f"ready{number}"))
        writers.append(portal.start(f"import time\nfrom pathlib import Path\npeople = {mine!r}\n{script}"))
    while not all((tmp_path / f"ready{number}").exists() for number in range(2)):
        assert all(writer.poll() is None for writer in writers)
        os.sched_yield()
    go.touch()
    for writer in writers:
        _output, errors = writer.communicate(timeout=600)
        assert writer.returncode == 0, errors[-2000:]
        assert "journal" not in errors
    found = portal.run(
        """
        from privacy.journal.services import ERASURES, journal_chains
        for chain in journal_chains():
            chain.check()
            chain.verify()
        positions = [line["position"] for line in ERASURES.journal.verified_lines()]
        answer([positions, JournalEntry.objects.count(), asked()[2]])
        """
    )
    assert found == [list(range(1, 2 * each + 1)), 2 * each, 200]


@pytest.mark.long
@pytest.mark.embedded
def test_a_second_host_with_its_own_journal_folder_does_not_start(portal: World, tmp_path: Path):
    portal.run("from privacy.journal.services import write_journal; make_people(1); write_journal(); answer(1)")
    own = {"ERASURE_JOURNAL": str(tmp_path / "own")}
    assert portal.run("answer(asked())", **own) == [503, 503, 503]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "portal", "--bind", f"127.0.0.1:{port}"],
        env=portal.environment | own,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert refused.returncode == 1
    assert "All hosts share one store" in refused.stderr
    assert portal.run("answer(asked()[2])") == 200
