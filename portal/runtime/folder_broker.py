"""The broker of an embedded portal: kombu's folder of messages, in which an unreadable file stops no worker.

A message that cannot be read is removed: tasks process due rows, and the next sweep does its work. The methods are
those that kombu lets a virtual transport implement (`kombu.transport.virtual.AbstractChannel`).
"""

import logging
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

# What a file of another content raises where it is read.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Channel(filesystem.Channel):
    """Writes each message whole, and passes over those that cannot be read."""

    def _put(self, queue: str, payload: dict[str, Any], **_options: Any) -> None:  # type: ignore[override]  # as kombu's
        """Add a message under its name only once it is written. Raises `ChannelError`."""
        folder, name = Path(self.data_folder_out), f"{round(monotonic() * 1000)}_{uuid4()}"
        try:
            _write_whole(folder / f"{name}.{queue}.msg", payload)
        except OSError as error:
            raise ChannelError(f"A message cannot be added to the folder {folder}.") from error

    def _get(self, queue: str) -> dict[str, Any]:  # type: ignore[override]  # as kombu's
        """Take the oldest message of a queue that can be read. Raises `Empty`."""
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.partition(".")[2] == f"{queue}.msg" and (message := self._take(path, queue)):
                return message
        raise Empty

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:  # type: ignore[override]  # as kombu's
        """Return the queues that are bound to an exchange."""
        try:
            return super().get_table(exchange)
        except UNREADABLE:
            return self._write_table_again(exchange)

    def queue_bind(self, queue: str, exchange: str | None = None, *more: Any, **options: Any) -> None:
        """Bind a queue to an exchange."""
        try:
            super().queue_bind(queue, exchange, *more, **options)
        except UNREADABLE:
            # The binding is known by now; only the table could not be read.
            self._write_table_again(exchange or "amq.direct")

    def _take(self, path: Path, queue: str) -> dict[str, Any] | None:
        """Remove a message from the folder and return it; None where another was first or no one can read it."""
        content = b""
        with suppress(OSError):
            content = path.read_bytes()
        try:
            path.unlink()
        except OSError:
            return None
        message = self._read(content)
        if message is None:
            logger.error("An unreadable message of queue %s was removed; the next sweep does its work.", queue)
        return message

    def _read(self, content: bytes) -> dict[str, Any] | None:
        """Return a message that a worker can receive, put back and acknowledge, or None."""
        try:
            message: dict[str, Any] = loads(content.decode())
            received = self.Message(message, channel=self)
            to = received.delivery_info
            is_complete = all(
                isinstance(text, str) for text in (received.delivery_tag, to["exchange"], to["routing_key"])
            )
        except UNREADABLE:
            return None
        return message if is_complete and isinstance(received.headers, dict) else None

    def _write_table_again(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        """Replace an unreadable table by the queues that this process has bound, if there are any; return them."""
        bindings = [binding for binding in self.state.bindings or () if binding.exchange == exchange]
        table = [filesystem.exchange_queue_t(each.routing_key or "", "", each.queue) for each in bindings]
        if table:
            logger.error("The table of the queues of %s was unreadable and is written again.", exchange)
            _write_whole(Path(self.control_folder) / f"{exchange}.exchange", table)
        return table


class Transport(filesystem.Transport):
    """kombu's transport over a folder, with the channel of this module."""

    Channel = Channel


def _write_whole(path: Path, content: Any) -> None:
    """Write JSON into a file that appears whole, or replaces the one before."""
    part = path.with_name(f"{uuid4()}.part")
    part.write_bytes(dumps(content).encode())
    part.replace(path)
