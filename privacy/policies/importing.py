"""From an operator's bytes to what will be shown: text, clauses, dates, digest."""

import hashlib
from dataclasses import dataclass

from privacy.policies.clauses import ClauseDraft, split_clauses
from privacy.policies.dates import StatedDates, find_dates
from privacy.policies.documents import read_document
from privacy.policies.sensitive import mark_sensitive_terms


@dataclass(frozen=True)
class ImportedText:
    """What a document comes to. `digest` is the SHA-256 of `html` in UTF-8."""

    title: str
    media_type: str
    clauses: list[ClauseDraft]
    html: str
    digest: str
    dates: StatedDates


def read_policy(content: bytes, file_name: str, variant: int | None = None) -> ImportedText:
    """Return the shown text of a document.

    Raises `UnreadableDocument`, `VariantNeeded` and `UnknownVariant`.
    """
    document = read_document(content, file_name, variant)
    clauses = split_clauses(document.body)
    mark_sensitive_terms(clauses)
    html = "\n".join(clause.html for clause in clauses)
    dates = find_dates("\n".join(clause.text for clause in clauses))
    return ImportedText(document.title, document.media_type, clauses, html, digest_of(html), dates)


def digest_of(html: str) -> str:
    """Return the hex SHA-256 of a shown text."""
    return hashlib.sha256(html.encode()).hexdigest()
