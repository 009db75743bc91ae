"""Each test has a store of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """The folder of sealed files."""
    entry = settings.STORAGES["licences"] | {"OPTIONS": {"location": str(tmp_path / "licences")}}
    settings.STORAGES = settings.STORAGES | {"licences": entry}
    return tmp_path / "licences"
