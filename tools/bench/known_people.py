"""The people of a stack whom the benchmark knows: a file says how they sign in."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

# So many are asked for in turn, spread over the tables, and so many others cancel.
ASKED, LEAVING = 400, 400


@dataclass(frozen=True)
class Person:
    """How one signs in, and the token of a session that is open."""

    username: str
    password: str
    token: str


@dataclass(frozen=True)
class KnownPeople:
    """Those who are asked for, those who will cancel, and cookies of open sessions in browsers."""

    asked: list[Person]
    leaving: list[Person]
    cookies: list[str]

    def write(self, file: str) -> None:
        """Write them into a file."""
        Path(file).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: str) -> Self:
        """Return those of a file."""
        found = json.loads(Path(file).read_text(encoding="utf-8"))
        people = ([Person(**person) for person in found[name]] for name in ("asked", "leaving"))
        return cls(*people, cookies=found["cookies"])


def chosen(people: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return those who are asked for and those who will cancel, spread over all; of few, half and half."""
    some = people[:: max(len(people) // (ASKED + LEAVING), 1)]
    return list(some[::2]), list(some[1::2])
