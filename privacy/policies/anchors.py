"""Anchors of clauses: from the number, else from the heading, never from the position."""

import re

_LONGEST = 64
_NO_LETTER = re.compile(r"[\W_]+")
# Ids that the surrounding page uses.
_TAKEN_BY_PAGES = frozenset({"main", "content", "contents", "menu", "progress", "typed"})


class Anchors:
    """Gives each clause of one version a unique anchor."""

    def __init__(self) -> None:
        self._given: set[str] = set(_TAKEN_BY_PAGES)

    def give(self, name: str, under: str) -> str:
        """Return the anchor of a number or heading; if it is taken, it is prefixed with the parent clause."""
        anchor = anchor_of(name)
        if anchor in self._given and under and not anchor.startswith(under):
            anchor = f"{under}-{anchor}"[-_LONGEST:].strip("-")
        candidate, again = anchor, 1
        while candidate in self._given:
            again += 1
            candidate = f"{anchor}-{again}"
        self._given.add(candidate)
        return candidate


def anchor_of(name: str) -> str:
    """Return `1-1-2` for 1.1.2, `d1-1` for D1.1, `your-rights` for a heading; Chinese characters stay."""
    return _NO_LETTER.sub("-", name.lower()).strip("-")[:_LONGEST].strip("-") or "clause"
