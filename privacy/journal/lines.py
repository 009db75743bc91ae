"""One line of the journal: a row of a chain as JSON, signed.

The signature of a line (HMAC-SHA256 under a system key) covers the line and the signature of the line before, so that
every changed, dropped or moved line is detected. The keys database knows the end of the journal: see `checkpoints`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from privacy.encryption.keys import system_key
from privacy.journal.errors import JournalDamaged

Line = Mapping[str, Any]
JOURNAL_KEY = "journal"
SIGNATURE = "mac"


def signed(lines: Iterable[Line], chain: str, before: Line | None) -> list[Line]:
    """Return lines with their signatures, which follow the signature of the line before."""
    done: list[Line] = []
    signature = str(before[SIGNATURE]) if before else chain
    for line in lines:
        signature = _signature(line, signature)
        done.append({**line, SIGNATURE: signature})
    return done


def follows(line: Line, before: str) -> bool:
    """Whether a line's signature follows the one before it; for the first line, `before` is the chain's name."""
    return hmac.compare_digest(str(line.get(SIGNATURE, "")).encode(), _signature(line, before).encode())


def encoded(lines: Iterable[Line]) -> bytes:
    """Return lines as they are stored."""
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()


def decoded(texts: Iterable[bytes], chain: str, name: str) -> Iterator[Line]:
    """Yield stored lines, without one that a crash cut short. Raises `JournalDamaged` for a malformed line."""
    for number, text in enumerate(texts, 1):
        if text.endswith(b"\n"):
            yield parsed(text, chain, f"{name}, line {number}")


def parsed(text: bytes, chain: str, where: str) -> Line:
    """Return one stored line. Raises `JournalDamaged`, which says where."""
    try:
        line = json.loads(text)
    except ValueError:
        raise JournalDamaged(chain, where) from None
    if not isinstance(line, dict) or not isinstance(line.get("position"), int) or "hash" not in line:
        raise JournalDamaged(chain, where)
    return line


def keyed_hash(text: str) -> str:
    """Return the keyed hash (HMAC-SHA256) of a text, as 64 hexadecimal digits."""
    return hmac.new(system_key(JOURNAL_KEY), text.encode(), hashlib.sha256).hexdigest()


def _signature(line: Line, before: str) -> str:
    content = {name: value for name, value in line.items() if name != SIGNATURE}
    return keyed_hash(json.dumps([before, content], sort_keys=True, ensure_ascii=True, separators=(",", ":")))
