"""The recipients to notify, for every correction: read again every second."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from privacy.recipients.models import Recipient
from privacy.recipients.queries import recipients_to_notify

# A recipient registered by another process is notified of corrections after at most this many seconds.
REMEMBERED_SECONDS = 1.0


@dataclass
class _Remembered:
    recipients: Sequence[Recipient] = field(default_factory=tuple)
    until: float = 0.0


_remembered = _Remembered()


def cached_recipients() -> Sequence[Recipient]:
    """Return `recipients_to_notify` as it was at most a second ago."""
    if time.monotonic() >= _remembered.until:
        # The time is taken first: a concurrent caller may read an older list, for no longer than promised.
        until = time.monotonic() + REMEMBERED_SECONDS
        _remembered.recipients = tuple(recipients_to_notify())
        _remembered.until = until
    return _remembered.recipients


def forget_recipients() -> None:
    """Read the recipients again at the next question."""
    _remembered.until = 0.0


def forget_at_change(**_signal: Any) -> None:
    """Read the recipients again after one of them changed."""
    forget_recipients()
