"""Sensitive terms are bold and underlined: those of the document's own list, and those that fields declare."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from privacy.policies.clauses import ClauseDraft
from privacy.policies.headings import real_level
from privacy.policies.markup import Element, pieces_of, text_of, wrap

_BOLD = frozenset({"strong", "b"})
_BETWEEN_TERMS = re.compile(r"[,;.，、；。]|\band\b|\bor\b(?! region)|和|及|以及")
_SHORTEST, _LONGEST = 2, 60
_SEVERAL = 3


@dataclass(frozen=True)
class DeclaredTerms:
    """The personal fields of this portal: labels of sensitive ones, and patterns that find any of them."""

    labels: Collection[str]
    fields: Collection[str]


def mark_sensitive_terms(clauses: list[ClauseDraft], declared: DeclaredTerms) -> None:
    """Underline bold terms in running text that name sensitive data; other bold text is only bold."""
    terms = {*declared.labels, *_listed_terms(clauses, declared)}
    for bold in _bold_in_running_text(clauses):
        words = text_of(bold).casefold()
        bold.tag = "strong"
        if any(term in words for term in terms):
            _underline(bold)


def _listed_terms(clauses: list[ClauseDraft], declared: DeclaredTerms) -> set[str]:
    """Return the terms that the clauses on collected data set in bold: bold text in them is the list."""
    listing = [clause for clause in clauses if _lists_fields(clause, clauses, declared.fields)]
    numbers = tuple(f"{clause.number}." for clause in listing if clause.number)
    collected = [*listing, *(clause for clause in clauses if f"{clause.number}.".startswith(numbers))]
    return {
        term.strip().casefold()
        for bold in _bold_in_running_text(collected)
        for term in _BETWEEN_TERMS.split(text_of(bold))
        if _SHORTEST <= len(term.strip()) <= _LONGEST
    }


def _lists_fields(clause: ClauseDraft, clauses: Sequence[ClauseDraft], fields: Collection[str]) -> bool:
    """Whether a clause, not a definition, lists collected data: it names several fields, alone or with those below."""
    if clause.number.startswith("D"):
        return False
    text = "\n".join(each.text for each in (clause, *_below(clause, clauses)))
    named = (field for field in fields if re.search(field, text, re.IGNORECASE))
    return len(list(islice(named, _SEVERAL))) == _SEVERAL


def _below(clause: ClauseDraft, clauses: Sequence[ClauseDraft]) -> list[ClauseDraft]:
    """Return the clauses whose numbers continue that of a clause; a whole section, such as 1, is not a list."""
    if "." not in clause.number:
        return []
    return [each for each in clauses if each.number.startswith(f"{clause.number}.")]


def _bold_in_running_text(clauses: Iterable[ClauseDraft]) -> list[Element]:
    """Return bold parts of paragraphs, lists and tables; a paragraph that is bold as a whole names no term."""
    blocks = [block for clause in clauses for block in clause.blocks if not real_level(block)]
    return [bold for block in blocks for bold in _bold_in(block)]


def _bold_in(block: Element) -> list[Element]:
    bold = [element for element in block.iter() if element.tag in _BOLD]
    if not bold or block.tag != "p":
        return bold
    whole = text_of(block)
    return [element for element in bold if text_of(element) != whole]


def _underline(bold: Element) -> None:
    inner = wrap("u", pieces_of(bold))
    tail = bold.tail
    bold.clear()
    bold.tag, bold.tail = "strong", tail
    bold.set("class", "sensitive")
    bold.append(inner)
