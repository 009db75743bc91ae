"""The files of the journal in its folder."""

from pathlib import Path

from django.conf import settings

from privacy.journal.segments import Generation
from privacy.journal.services import journal_chains


def folder() -> Path:
    """Return the journal's folder."""
    return Path(settings.ERASURE_JOURNAL)


def segments(chain: str) -> list[Path]:
    """Return the files of a chain's present journal, oldest first."""
    [journal] = [each.journal for each in journal_chains() if each.name == chain]
    assert isinstance(journal, Generation)
    return [folder() / chain / segment.name for segment in journal.segments()]


def text(chain: str) -> str:
    """Return every line of a chain's present journal, as it is stored."""
    return "".join(path.read_text() for path in segments(chain))
