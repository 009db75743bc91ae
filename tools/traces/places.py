"""The places where a portal stores data, from its settings, and those that the operator names."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connections

from tools.traces import postgresql, redis
from tools.traces.folders import folder
from tools.traces.sources import Place


def places(also: Sequence[Path] = ()) -> Iterator[tuple[str, Place]]:
    """Yield each place by its name, the smallest first."""
    if settings.REDIS_URL:
        yield "Redis", redis.live_keys(settings.REDIS_URL)
        yield "files of Redis", redis.files(settings.REDIS_URL)
    servers = [alias for alias in connections if connections[alias].vendor == "postgresql"]
    for alias in servers:
        yield f"dump of {alias}", postgresql.dump(alias)
    for label, top in _folders(also):
        yield f"{label} {top}", folder(label, top, without=outside())
    if servers:
        yield "files of PostgreSQL", postgresql.files(servers)


def outside() -> list[Path]:
    """Return the folder of the outbox, which replaces gateways in trials: its content has left the portal."""
    return [settings.OUTBOX_DIR] if settings.OUTBOX_DIR else []


def _folders(also: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield folders and files, each once, none inside another."""
    named = [("var", settings.VAR_DIR), ("journal", settings.ERASURE_JOURNAL)]
    named += [("licences", place) for place in _licences() if place.exists()]
    named += [("media", Path(settings.MEDIA_ROOT))] if settings.MEDIA_ROOT else []
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            named += [(f"database {alias}", file) for file in _sqlite_files(settings.DATABASES[alias]["NAME"])]
    named += [("also", path) for path in also]
    seen: list[Path] = []
    for label, path in named:
        real = Path(path).resolve()
        if not any(real.is_relative_to(earlier) for earlier in seen):
            seen.append(real)
            yield label, real


def _licences() -> list[Path]:
    """Return the folder of sealed licences; none where they are in a bucket, whose `location` is no path."""
    store = settings.STORAGES["licences"]
    return [Path(store["OPTIONS"]["location"])] if "FolderStorage" in store["BACKEND"] else []


def _sqlite_files(name: str | Path) -> list[Path]:
    files = [Path(f"{name}{end}") for end in ("", "-wal", "-journal", "-shm")]
    return [file for file in files if file.is_file()]
