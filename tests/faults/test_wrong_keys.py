"""A portal whose keys database is lost or another one does not start, and says why in one line."""

import pytest

from tests.faults.worlds import World


@pytest.mark.embedded
def test_a_start_with_an_empty_keys_database_ends_in_one_line(portal: World):
    portal.run("from privacy.encryption.pairing import pair_databases; pair_databases(); make_people(1); answer(1)")
    for file in (portal.folder / "var").glob("keys.sqlite3*"):
        file.unlink()
    refused = portal.manage("portal", "--bind", "127.0.0.1:9", check=False)
    assert refused.returncode != 0
    assert refused.stderr.startswith("The portal does not start. The keys database (KEYS_DATABASE_URL) is empty")
    assert len(refused.stderr.splitlines()) == 1
