"""The socket that the portal listens on: opened by the supervisor, so that a restart of the web is not noticed."""

import ipaddress
import os
import socket
from dataclasses import dataclass

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
BACKLOG = 2048


class CannotListen(Exception):
    """The address is invalid or in use."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it; a name other than `localhost` may be another machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def as_reached(self) -> "ListenAddress":
        """The address by which this machine connects to it; the loopback address for all interfaces."""
        everywhere = self.host in ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
        return ListenAddress(DEFAULT_HOST, self.port) if everywhere else self

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_of(bind: str | None) -> ListenAddress:
    """Return the address of `HOST:PORT`; missing parts come from PORT, or the defaults.

    Raises `CannotListen` for an invalid port.
    """
    host, _colon, port = (bind or f"{DEFAULT_HOST}:").rpartition(":")
    port = port or os.environ.get("PORT", str(DEFAULT_PORT))
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise CannotListen(f"Give an address as HOST:PORT, such as {DEFAULT_HOST}:{DEFAULT_PORT}.")
    return ListenAddress(host.strip("[]"), int(port))


def listen(address: ListenAddress) -> socket.socket:
    """Return a listening socket. Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(
            f"Cannot listen on {address}: {error.strerror or error}. Choose another port with PORT or --bind."
        ) from None
