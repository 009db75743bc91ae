"""A device platform, registered as a recipient."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from tests.factories import make_person
from tests.privacy.recipients.sample import Platform, served
from tools.sample_recipient.app import DevicePlatform


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A device platform that holds account and contact data, and answers."""
    recipient, secret = register_recipient(name="Devices", url="http://127.0.0.1:1/", classes=["account", "contact"])
    sample = Platform(recipient, DevicePlatform(str(tmp_path / "devices.sqlite3"), secret), secret)
    with served(sample) as server:
        recipient.url = f"http://127.0.0.1:{server.server_port}/hook"
        recipient.save()
        yield sample


@pytest.fixture
def user(platform: Platform) -> User:
    """A person who has a device on the platform."""
    user = make_person()
    platform.has(user.subject_id, "account", "contact")
    return user


@pytest.fixture
def delivery(user: User) -> Delivery:
    """The delivery about the person's cancellation."""
    cancel_account(subject=user.subject)
    return Delivery.objects.get()
