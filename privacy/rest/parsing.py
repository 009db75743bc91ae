"""Strict JSON: one object, no larger than any request needs."""

import codecs
import json
import re
from typing import IO, Any

from rest_framework.parsers import JSONParser

from privacy.rest.problems import BAD_JSON, Problem

# `\ud83d\ude00` is one character; half of it is none, and no answer or database accepts it.
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


class StrictJSONParser(JSONParser):
    """Refuses what is too deep, not JSON, not an object, repeats a member, or contains half a character."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Return the object. Raises `Problem`."""
        try:
            text = codecs.decode(stream.read(), "utf-8")
            data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
            if _HALF_CHARACTER.search(text):
                json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Problem(BAD_JSON) from None
        if not isinstance(data, dict):
            raise Problem(BAD_JSON)
        return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A member is named twice.")
    return members


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON.")
