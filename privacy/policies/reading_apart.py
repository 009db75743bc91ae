"""Read a document in a separate process, with limits of time and memory.

Parsers may take very long on text that was made for it. The process has no secrets and touches no file; past its
limits it ends, and the document is refused.
"""

import json
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from privacy.policies.dates import StatedDates
from privacy.policies.documents import UnreadableDocument
from privacy.policies.markup import TooComplex
from privacy.policies.reading import ImportedText, ReadClause, read_in_process
from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _
from privacy.policies.sensitive import DeclaredTerms
from privacy.policies.variants import UnknownVariant, VariantNeeded

CPU_SECONDS = 2
# A busy machine may take much longer for two seconds of CPU time.
WALL_SECONDS = 20
MEMORY_BYTES = 512 * 1024 * 1024
_TOP = Path(__file__).resolve().parents[2]
_REFUSALS = {kind.__name__: kind for kind in (UnreadableDocument, TooComplex, VariantNeeded, UnknownVariant)}


def read_apart(content: bytes, file_name: str, variant: int | None, declared: DeclaredTerms) -> ImportedText:
    """Return what `reading.read_in_process` returns. Raises the same, and `TooComplex` past a limit."""
    asked = {
        "content": b64encode(content).decode(),
        "file_name": file_name,
        "variant": variant,
        "labels": sorted(declared.labels),
        "fields": sorted(declared.fields),
        "cpu_seconds": CPU_SECONDS,
    }
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "privacy.policies.reading_apart"],
            cwd=_TOP,
            env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
            input=json.dumps(asked),
            capture_output=True,
            encoding="utf-8",
            timeout=WALL_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise TooComplex(_("The document takes too long to read. Simplify its markup and import it again.")) from None
    answer = json.loads(ended.stdout)
    if "refusal" in answer:
        raise _REFUSALS.get(answer["refusal"], UnreadableDocument)(answer["message"], **answer["values"])
    return _text_of(answer)


def _text_of(answer: dict[str, Any]) -> ImportedText:
    dates = {name: date.fromisoformat(text) if text else None for name, text in answer["dates"].items()}
    clauses = [ReadClause(**clause) for clause in answer["clauses"]]
    return ImportedText(answer["title"], answer["media_type"], clauses, StatedDates(**dates))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    declared = DeclaredTerms(frozenset(asked["labels"]), frozenset(asked["fields"]))
    try:
        text = read_in_process(b64decode(asked["content"]), asked["file_name"], asked["variant"], declared)
    except PolicyRefused as refusal:
        return {"refusal": type(refusal).__name__, "message": refusal.message, "values": refusal.values}
    return asdict(text)


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["cpu_seconds"], asked["cpu_seconds"]))
    json.dump(_answer(asked), sys.stdout, default=date.isoformat)


if __name__ == "__main__":
    _main()
