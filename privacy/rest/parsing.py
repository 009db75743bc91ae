"""Strict JSON: one object, no larger than anything we ask for."""

import codecs
import json
from typing import IO, Any

from rest_framework.parsers import JSONParser

from privacy.rest.problems import BAD_JSON, Problem


class StrictJSONParser(JSONParser):
    """Refuses what is too deep, not JSON, not an object, or names a member twice."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Return the object. Raises `Problem`."""
        try:
            data = json.loads(codecs.decode(stream.read(), "utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
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
