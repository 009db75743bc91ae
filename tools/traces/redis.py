"""Redis: its keys, and on this machine its snapshot, append-only file and log."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import redis

from tools.traces.folders import folder
from tools.traces.sources import CannotRead, Place, Source, Unseen, joined

MANY = 1000
THERE = "run the command on its machine, or name a copy of its files with --also."
PROGRAMS = ("redis", "valkey")


def live_keys(url: str) -> Place:
    """Yield the name and content of every key, of every kind."""
    client = _client(url)
    try:
        for key in client.scan_iter(count=MANY):
            kind = client.type(key).decode()
            read = _READERS.get(kind)
            name = f"Redis, {kind} {key.decode(errors='backslashreplace')}"
            if read is None:
                yield Unseen(name, "is of a kind that is not known here: ask Redis itself.")
            else:
                yield Source(name, joined(_content(client, key, read)))
    except redis.RedisError as error:
        yield Unseen("Redis", f"cannot be asked ({type(error).__name__}): is it running, and is REDIS_URL right?")


def files(url: str) -> Place:
    """Yield the files that Redis keeps on this machine."""
    client = _client(url)
    try:
        config = client.config_get("dir", "dbfilename", "appenddirname", "appendfilename", "logfile")
        is_here = _is_here(client)
    except redis.RedisError as error:
        yield Unseen("files of Redis", f"may not be asked for ({type(error).__name__}): {THERE}")
        return
    home = Path(config["dir"])
    if not is_here:
        yield Unseen("files of Redis", f"are on another machine: {THERE}")
        return
    for path in _kept(home, config):
        if path.exists():
            yield from folder("Redis file", path)


def _content(client: Any, key: bytes, read: Any) -> Iterator[bytes]:
    yield key
    try:
        yield from read(client, key)
    except redis.RedisError as error:
        raise CannotRead(f"changed while it was read ({type(error).__name__}): run the command again.") from None


def _kept(home: Path, config: dict[str, str]) -> Iterator[Path]:
    names = [config.get(name, "") for name in ("dbfilename", "appenddirname", "appendfilename", "logfile")]
    yield from (home / name for name in names if name)
    yield from home.glob("temp-*")


def _is_here(client: Any) -> bool:
    """Whether the server is a process of this machine, not one behind a forwarded port."""
    process = Path(f"/proc/{client.info('server')['process_id']}/comm")
    return process.exists() and process.read_text().startswith(PROGRAMS)


def _client(url: str) -> Any:
    return redis.Redis.from_url(url)


def _pieces(client: Any, key: bytes) -> Iterator[bytes]:
    for first in range(0, client.llen(key), MANY):
        yield from client.lrange(key, first, first + MANY - 1)


def _entries(client: Any, key: bytes) -> Iterator[bytes]:
    last = "-"
    while entries := client.xrange(key, min=last, count=MANY):
        for number, fields in entries:
            yield from chain.from_iterable(fields.items())
            last = f"({number.decode()}"


_READERS: dict[str, Any] = {
    "string": lambda client, key: filter(None, [client.get(key)]),
    "list": _pieces,
    "set": lambda client, key: client.sscan_iter(key, count=MANY),
    "hash": lambda client, key: chain.from_iterable(client.hscan_iter(key, count=MANY)),
    "zset": lambda client, key: (member for member, _score in client.zscan_iter(key, count=MANY)),
    "stream": _entries,
    "none": lambda _client, _key: [],  # it expired meanwhile
}
