"""A load of people on several hosts: they register, sign in, read and cancel, and send again what a restart cut."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.lives import ApiClient, Codes, Life, Refused, lives, register

TRIES, WAIT_SECONDS = 20, 0.25
READS = 3
PAUSE_SECONDS = 0.2
IN_PROGRESS = "request_in_progress"


@dataclass
class Seen:
    """The results of the requests of all threads."""

    statuses: Counter[int] = field(default_factory=Counter)
    cut: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    code_seconds: list[float] = field(default_factory=list)
    slowest: float = 0
    stayed: list[Life] = field(default_factory=list)
    cancelled: list[Life] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, Any]:
        """What a reader of the test's output wants to know."""
        return {
            "requests": self.statuses.total(),
            "statuses": dict(self.statuses),
            "cut": len(self.cut),
            "registered": len(self.stayed) + len(self.cancelled),
            "cancelled": len(self.cancelled),
            "slowest answer": round(self.slowest, 1),
            "slowest code": round(max(self.code_seconds, default=0), 1),
        }


class RetryingApiClient(ApiClient):
    """Sends a request again, with the same key, where its connection was cut before the answer."""

    def __init__(self, address: str, seen: Seen) -> None:
        super().__init__(address)
        self.seen = seen

    def send(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> tuple[int, Any]:
        """Send until there is an answer."""
        for _ in range(TRIES):
            begun = time.monotonic()
            try:
                status, answer = super().send(method, path, content, headers)
            except (OSError, http.client.HTTPException) as error:
                self.seen.cut.append(f"{method} {path}: {error!r}")
            else:
                self.seen.statuses[status] += 1
                self.seen.slowest = max(self.seen.slowest, time.monotonic() - begun)
                if not isinstance(answer, dict) or answer.get("code") != IN_PROGRESS:
                    return status, answer
            time.sleep(WAIT_SECONDS)
        raise Refused(f"{method} {path}: no answer.")


class Load:
    """Threads of people, until `stop`; the requests of each person are in sequence."""

    def __init__(self, address: str, outboxes: list[Path], *, threads: int, most: int) -> None:
        self.address = address
        self.codes = Codes(*outboxes)
        self.seen = Seen()
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self._live, args=(range(number * most, (number + 1) * most),))
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let all people finish what they began."""
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def signs_in(self, life: Life) -> bool:
        """Whether a person who did not cancel can read their data."""
        client = RetryingApiClient(self.address, self.seen)
        client.post("auth/sign-in", {"login": life.given["phone"], "password": life.given["password"]}, 200)
        return bool(client.ask("GET", "me", expect=200)["name"] == life.given["name"])

    def _live(self, numbers: range) -> None:
        for number in numbers:
            if self.stopped.is_set():
                return
            try:
                self._live_one(number)
            except Refused as refused:
                self.seen.refused.append(str(refused))
            self.stopped.wait(PAUSE_SECONDS)

    def _live_one(self, number: int) -> None:
        [life] = lives(1)
        life.given["phone"] = f"+4915123{number:06}"
        self.seen.code_seconds.append(register(RetryingApiClient(self.address, self.seen), self.codes, life))
        client = RetryingApiClient(self.address, self.seen)
        client.post("auth/sign-in", {"login": life.given["phone"], "password": life.given["password"]}, 200)
        for _ in range(READS):
            client.ask("GET", "me", expect=200)
        if number % 2:
            client.post("me/cancellation", {"confirmed": True}, 201)
        (self.seen.cancelled if number % 2 else self.seen.stayed).append(life)
