"""Hosts of a test's own: network namespaces that a bridge of this machine joins. Needs Linux, root and `ip`."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A namespace and its address; commands run in it behind `prefix`."""

    name: str
    address: str

    @property
    def prefix(self) -> tuple[str, ...]:
        """What runs a command there, in the same process."""
        return ("ip", "netns", "exec", self.name)


@dataclass(frozen=True)
class Network:
    """A bridge, at whose address servers may listen, and the namespaces behind it."""

    address: str
    places: tuple[Place, ...]


def why_no_network() -> str:
    """Return why this machine has no network namespaces for us; empty where it has."""
    if os.name != "posix" or os.getuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "network namespaces need iproute2"
    probe = f"portal-{secrets.token_hex(3)}"
    if _ip("netns", "add", probe, check=False):
        return "this machine allows no network namespaces"
    try:
        linked = _ip("link", "add", probe, "type", "bridge", check=False)
        return "this machine allows no bridge" if linked else ""
    finally:
        _ip("link", "delete", probe, check=False)
        _ip("netns", "delete", probe, check=False)


@contextmanager
def network(count: int) -> Iterator[Network]:
    """Join so many namespaces by a bridge; everything is removed at the end, also after a failure half-way."""
    mark = secrets.token_hex(3)
    net = f"10.{200 + secrets.randbelow(50)}.{secrets.randbelow(256)}"
    made = Network(f"{net}.1", tuple(Place(f"portal-{mark}-{n}", f"{net}.{10 + n}") for n in range(count)))
    bridge = f"pb{mark}"
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("address", "add", f"{made.address}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for number, place in enumerate(made.places):
            _join(place, bridge, f"pv{mark}{number}")
        yield made
    finally:
        for place in made.places:
            _ip("netns", "delete", place.name, check=False)
        _ip("link", "delete", bridge, check=False)


def _join(place: Place, bridge: str, cable: str) -> None:
    _ip("netns", "add", place.name)
    _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", place.name)
    _ip("link", "set", cable, "master", bridge, "up")
    _ip("-netns", place.name, "address", "add", f"{place.address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _ip("-netns", place.name, "link", "set", device, "up")


def _ip(*arguments: str, check: bool = True) -> int:
    return subprocess.run(["ip", *arguments], check=check, capture_output=True).returncode
