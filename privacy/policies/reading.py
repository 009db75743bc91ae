"""Read a document into clauses, dates and shown text. Needs no settings: `reading_apart` runs it in a process."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from privacy.policies.clauses import ClauseDraft, split_clauses
from privacy.policies.dates import StatedDates, find_dates
from privacy.policies.documents import read_document
from privacy.policies.markup import TooComplex
from privacy.policies.refusals import gettext_noop as _
from privacy.policies.sensitive import DeclaredTerms, mark_sensitive_terms

# The longest policy that is known has 78. Comparing two versions looks at each pair of clauses.
MOST_CLAUSES = 500


@dataclass(frozen=True)
class ReadClause:
    """One clause, as it will be stored."""

    anchor: str
    number: str
    heading: str
    level: int
    text: str
    html: str


@dataclass(frozen=True)
class ImportedText:
    """The result of reading a document. The shown text is the clauses' `html` in sequence."""

    title: str
    media_type: str
    clauses: Sequence[ReadClause]
    dates: StatedDates

    @property
    def html(self) -> str:
        """The shown text as a whole."""
        return "\n".join(clause.html for clause in self.clauses)

    @property
    def digest(self) -> str:
        """The SHA-256 of `html` in UTF-8, in hexadecimal digits: consent is given to these bytes."""
        return hashlib.sha256(self.html.encode()).hexdigest()


def read_in_process(content: bytes, file_name: str, variant: int | None, declared: DeclaredTerms) -> ImportedText:
    """Return the shown text of a document.

    Raises `UnreadableDocument`, `TooComplex`, `VariantNeeded` and `UnknownVariant`.
    """
    document = read_document(content, file_name, variant)
    drafts = split_clauses(document.body)
    if len(drafts) > MOST_CLAUSES:
        raise TooComplex(
            _("The document has %(count)s clauses. Import at most %(most)s in one document."),
            count=len(drafts),
            most=MOST_CLAUSES,
        )
    mark_sensitive_terms(drafts, declared)
    clauses = [_as_stored(draft) for draft in drafts]
    dates = find_dates("\n".join(clause.text for clause in clauses))
    return ImportedText(document.title, document.media_type, clauses, dates)


def _as_stored(draft: ClauseDraft) -> ReadClause:
    return ReadClause(draft.anchor, draft.number, draft.heading, draft.level, draft.text, draft.html)
