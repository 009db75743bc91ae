"""A portal whose keys database is lost or another one does not start, and says why in one line."""

import pytest

from tests.faults.worlds import World

# Of the embedded default, which has no addresses.
FILES = {"DATABASE_URL": "portal", "KEYS_DATABASE_URL": "keys"}


@pytest.mark.embedded
def test_a_start_with_an_empty_keys_database_ends_in_one_line(portal: World):
    portal.run("from privacy.encryption.pairing import pair_databases; pair_databases(); make_people(1); answer(1)")
    for file in (portal.folder / "var").glob("keys.sqlite3*"):
        file.unlink()
    refused = portal.manage("portal", "--bind", "127.0.0.1:9", check=False)
    assert refused.returncode != 0
    assert refused.stderr.startswith("The portal does not start. The keys database (KEYS_DATABASE_URL) is empty")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.long
@pytest.mark.embedded
def test_swapped_databases_are_refused_before_anything_is_made_in_them(portal: World):
    portal.run("from privacy.encryption.pairing import pair_databases; pair_databases(); make_people(1); answer(1)")
    files = {name: f"sqlite:///{portal.folder}/var/{file}.sqlite3" for name, file in FILES.items()}
    data, keys = (portal.environment.get(name, file) for name, file in files.items())
    portal.environment |= {"DATABASE_URL": keys, "KEYS_DATABASE_URL": data}
    for options in ([], ["--only", "web"]):
        refused = portal.manage("portal", "--bind", "127.0.0.1:9", *options, check=False)
        assert refused.returncode != 0
        assert refused.stderr.startswith("The portal does not start. DATABASE_URL leads to a keys database")
        assert len(refused.stderr.splitlines()) == 1
