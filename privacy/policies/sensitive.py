"""Sensitive terms stand out bold and underlined (D1.2): the document's own list, and what the register declares."""

import re
from collections.abc import Iterable

from django.utils.translation import override

from privacy.policies.clauses import ClauseDraft
from privacy.policies.headings import real_level
from privacy.policies.markup import Element, pieces_of, text_of, wrap
from privacy.register.register import personal_fields

_BOLD = frozenset({"strong", "b"})
_LANGUAGES = ("en", "zh-hans")
_BETWEEN_TERMS = re.compile(r"[,;.，、；。]|\band\b|\bor\b(?! region)|和|及|以及")
_SHORTEST, _LONGEST = 2, 60


def mark_sensitive_terms(clauses: list[ClauseDraft]) -> None:
    """Underline the bold terms in running text that name something sensitive; other bold text stays only bold."""
    terms = _declared_terms() | _listed_terms(clauses)
    for bold in _bold_in_running_text(clauses):
        words = text_of(bold).casefold()
        bold.tag = "strong"
        if any(term in words for term in terms):
            _underline(bold)


def _declared_terms() -> set[str]:
    """The labels of sensitive fields in the languages of the pages, whatever language is active."""
    terms = set()
    for language in _LANGUAGES:
        with override(language):
            terms |= {str(declared.label).casefold() for declared in personal_fields() if declared.sensitive}
    return terms


def _listed_terms(clauses: list[ClauseDraft]) -> set[str]:
    """The terms that the clauses on collected data set in bold: there, bold is the list."""
    numbers = {number for declared in personal_fields() for number in declared.clauses.values()}
    collected = [clause for clause in clauses if clause.number in numbers and clause.number.startswith("1.")]
    return {
        term.strip().casefold()
        for bold in _bold_in_running_text(collected)
        for term in _BETWEEN_TERMS.split(text_of(bold))
        if _SHORTEST <= len(term.strip()) <= _LONGEST
    }


def _bold_in_running_text(clauses: Iterable[ClauseDraft]) -> list[Element]:
    """Bold parts of paragraphs, lists and tables; a paragraph that is bold as a whole names no term."""
    blocks = [block for clause in clauses for block in clause.blocks if not real_level(block)]
    return [
        bold
        for block in blocks
        for bold in block.iter()
        if bold.tag in _BOLD and (block.tag != "p" or text_of(bold) != text_of(block))
    ]


def _underline(bold: Element) -> None:
    inner = wrap("u", pieces_of(bold))
    tail = bold.tail
    bold.clear()
    bold.tag, bold.tail = "strong", tail
    bold.set("class", "sensitive")
    bold.append(inner)
