"""The people of a stack whom the benchmark uses, with a file of how they sign in."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

# How many are used for requests, spread over the tables; as many others cancel.
ASKED, LEAVING = 400, 400


@dataclass(frozen=True)
class Person:
    """How a person signs in, and the token of an open session."""

    username: str
    password: str
    token: str


@dataclass(frozen=True)
class KnownPeople:
    """People for requests, people who will cancel, and cookies of open sessions."""

    asked: list[Person]
    leaving: list[Person]
    cookies: list[str]

    def write(self, file: str) -> None:
        Path(file).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: str) -> Self:
        found = json.loads(Path(file).read_text(encoding="utf-8"))
        people = ([Person(**person) for person in found[name]] for name in ("asked", "leaving"))
        return cls(*people, cookies=found["cookies"])


def chosen(people: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return people for requests and people who will cancel, spread over all; of few people, half each."""
    some = people[:: max(len(people) // (ASKED + LEAVING), 1)]
    return list(some[::2]), list(some[1::2])
