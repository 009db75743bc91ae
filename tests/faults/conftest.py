"""The fault suite breaks a small portal in `make test`, and a large one in `make faults`, which sets FAULTS=full."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.environment import IS_FULL
from tests.faults.worlds import MigratedPortal, World, world

# For what has no small form: whole portals that run for minutes.
full_only = pytest.mark.full_only


@pytest.fixture
def many() -> Callable[[int, int], int]:
    """Choose between the small count and the full one."""
    return lambda small, full: full if IS_FULL else small


@pytest.fixture(scope="session")
def migrated_portal(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> MigratedPortal:
    """A migrated portal to copy from."""
    return MigratedPortal(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def portal(migrated_portal: MigratedPortal, tmp_path: Path) -> Iterator[World]:
    """A portal of its own."""
    with world(migrated_portal, tmp_path) as made:
        yield made
