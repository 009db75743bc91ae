"""A destroyed key is gone from the files of an embedded portal, while other processes have them open."""

from pathlib import Path

import pytest

from tests.faults.worlds import World, kill

IDLE = """
import time
from django.db import connections
connections["keys"].cursor().execute("SELECT 1")
print("open", flush=True)
time.sleep(60)
"""
WRAPPED = """
from privacy.encryption.models import DataKey
answer([bytes(key.wrapped).hex() for key in DataKey.objects.filter(owner={0!r}, wrapped__isnull=False)])
"""


@pytest.mark.embedded
def test_nothing_of_a_destroyed_key_stays_in_the_files(portal: World, tmp_path: Path):
    (person,) = portal.run("answer(make_people(1))")
    wrapped = [bytes.fromhex(text) for text in portal.run(WRAPPED.format(person))]
    assert wrapped
    other = portal.start(IDLE)
    assert other.stdout
    other.stdout.readline()
    try:
        portal.run(f"cancel_all([{person!r}]); erase_due_accounts(); answer(1)")
        files = [path.read_bytes() for path in (tmp_path / "var").glob("keys.sqlite3*")]
    finally:
        kill(other)
    assert portal.run(WRAPPED.format(person)) == []
    assert not [key for key in wrapped for file in files if key in file]
