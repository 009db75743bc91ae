"""A device platform, registered as a recipient."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.device_platform.app import DevicePlatform
from privacy.recipients.services import register_recipient
from tests.privacy.recipients.sample import Platform, served


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A device platform that holds account and contact data, and answers."""
    recipient, secret = register_recipient(name="Devices", url="http://127.0.0.1:1/", classes=["account", "contact"])
    sample = Platform(recipient, DevicePlatform(str(tmp_path / "devices.sqlite3"), secret), secret)
    with served(sample) as server:
        recipient.url = f"http://127.0.0.1:{server.server_port}/hook"
        recipient.save()
        yield sample
