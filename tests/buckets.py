"""A store that can do no more than a bucket: whole objects are put, got, listed and deleted, and each is a call."""

from collections import Counter
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage


class BucketStorage(Storage):
    """Objects by name. No append, no rename, no lock, no folder to look into."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.calls: Counter[str] = Counter()
        self.is_away = False

    def exists(self, name: str) -> bool:
        self._called("exists")
        return name in self.objects

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        self._called("list")
        prefix = f"{path}/" if path else ""
        below = [name.removeprefix(prefix) for name in list(self.objects) if name.startswith(prefix)]
        return [], [name for name in below if "/" not in name]

    def delete(self, name: str) -> None:
        self._called("delete")
        self.objects.pop(name, None)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        self._called("get")
        try:
            return ContentFile(self.objects[name])
        except KeyError:
            raise FileNotFoundError(name) from None

    def _save(self, name: str, content: Any) -> str:
        self._called("put")
        self.objects[name] = content.read()
        return name

    def _called(self, what: str) -> None:
        self.calls[what] += 1
        if self.is_away:
            raise EndpointConnectionError(what)


class EndpointConnectionError(Exception):
    """What a bucket's library raises, which is no OSError."""
