"""A new portal is migrated by few squashed migrations; one that has its tables already, by those that they replace."""

import json
import subprocess
import sys

import pytest

from tests.environment import some
from tests.faults.worlds import ROOT, MigratedPortal, World, new_portal, world

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def schema_of(tmp_path_factory):
    def schema_of(way):
        with new_portal(tmp_path_factory.mktemp("migrated")) as portal:
            return printed_by(portal, way)

    return schema_of


@pytest.fixture(scope="module")
def at_once(django_db_setup, tmp_path_factory):
    migrated = MigratedPortal(tmp_path_factory.mktemp("migrated"))
    with world(migrated, tmp_path_factory.mktemp("at_once")) as portal:
        return printed_by(portal, "at once")  # there is nothing left to migrate


def printed_by(portal: World, way):
    command = [sys.executable, "-m", "tests.portal.schemas", way]
    done = subprocess.run(
        command, env=portal.environment, capture_output=True, text=True, check=False, cwd=ROOT, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("way", ["one by one", *some("from half", "from before the others")])
def test_every_way_leads_to_the_same_databases(schema_of, at_once, way):
    other = schema_of(way)
    for alias, kinds in at_once.items():
        for kind, lines in kinds.items():
            assert sorted(set(other[alias][kind]) ^ set(lines)) == []
