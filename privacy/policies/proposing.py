"""Propose which clause of a text states a topic, by the words of `topic_words.toml`. Staff confirm or correct it."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import override

from privacy.inventory.declarations import Kind
from privacy.inventory.purposes import NECESSARY, optional_purposes
from privacy.inventory.queries import fields_for
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.policies.topics import Group, deletion_topic, field_topic, purpose_topic, retention_topic

Patterns = Sequence[re.Pattern[str]]
# How many letters of a word identify its other forms: "experience", "experiences".
_STEM = 6
# Bounds for documents made to take long: characters searched in a clause, and lists compared.
_SEARCHED, _MOST_OPENINGS = 4_000, 20
_LANGUAGES = ("en", "zh-hans")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class ReadableClause(Protocol):
    """The text of a clause, stored or not."""

    number: str
    heading: str
    level: int
    text: str


Proposal = dict[str, list[Any]]


def propose_citations(clauses: Sequence[ReadableClause]) -> Proposal:
    """Return the clauses that seem to state each topic, by the topic's key; topics without any are left out."""
    body = [clause for clause in clauses if not clause.number.startswith("D")]
    found = {
        **_fields(_section(body, Group.FIELD)),
        **_purposes(_section(body, Group.PURPOSE)),
        **_optional(body),
        **_retention(body),
        **_deletion(body),
    }
    return {topic: stated for topic, stated in found.items() if stated}


def field_patterns() -> list[str]:
    """Return one pattern for each field, which finds it in a text."""
    return ["|".join(pattern.pattern for pattern in patterns) for patterns in _words()["fields"].values()]


def _fields(section: Sequence[ReadableClause]) -> Proposal:
    words = _words()["fields"]
    individual = _of_kind(section, Kind.INDIVIDUAL)
    found: Proposal = {}
    for kind in Kind:
        own = individual if kind is Kind.INDIVIDUAL else _of_kind(section, kind)
        takes_over = any(_matches(_words()["kinds"]["same"], clause.text) for clause in own)
        for declared in fields_for(kind):
            patterns = words.get(declared.key, ())
            stated = [clause for clause in own if _matches(patterns, clause.text)]
            is_among_the_same = takes_over and any(_matches(patterns, clause.text) for clause in individual)
            found[field_topic(declared, kind)] = stated or (own if is_among_the_same else [])
    return found


def _of_kind(section: Sequence[ReadableClause], kind: Kind) -> list[ReadableClause]:
    """Return the clause that lists the fields of this kind: of those that name the kind, the one with most fields."""
    naming = [clause for clause in section if _matches(_words()["kinds"][kind], clause.text)]
    listing = sorted(naming or section, key=_fields_named, reverse=True)[:1]
    return listing if listing and _fields_named(listing[0]) > 1 else []


def _fields_named(clause: ReadableClause) -> int:
    return sum(_matches(patterns, clause.text) for patterns in _words()["fields"].values())


def _purposes(section: Sequence[ReadableClause]) -> Proposal:
    """A purpose may be in several clauses of the list; a clause belongs to the purpose that fits best."""
    words = {purpose_topic(purpose): _words()["purpose"][key] for key, purpose in NECESSARY.items()}
    listed = _list_under(section, Group.PURPOSE, words) or _leaves(section)
    fitting = _best_topics(words, listed)
    return {topic: [clause for clause in listed if topic in fitting[id(clause)]] for topic in words}


def _optional(body: Sequence[ReadableClause]) -> Proposal:
    """An optional purpose is where all words of its label are, else where the text mentions optional purposes."""
    found: Proposal = {}
    for purpose in optional_purposes():
        labels = []
        for language in _LANGUAGES:
            with override(language):
                labels.append(_stems(str(purpose.label)))
        by_label = [
            clause for clause in body if any(all(s in clause.text.casefold() for s in stems) for stems in labels)
        ]
        found[purpose_topic(purpose)] = by_label[:1] or _best(_words()["optional"]["any"], body)[:1]
    return found


def _retention(body: Sequence[ReadableClause]) -> Proposal:
    words = {retention_topic(ground): _words()["keep"][ground.name.lower()] for ground in RetentionGround}
    return _one_to_one(words, _list_under(body, Group.RETENTION, words))


def _deletion(body: Sequence[ReadableClause]) -> Proposal:
    words = {deletion_topic(ground): _words()["erase"][ground.name.lower()] for ground in DeletionGround}
    cancelled = words.pop(deletion_topic(DeletionGround.CANCELLED))
    headings = [clause for clause in body if clause.heading and _matches(cancelled, clause.heading)]
    stated = headings[:1] or _best(cancelled, body)[:1]
    grounds = _one_to_one(words, _list_under(body, Group.DELETION, words))
    return {deletion_topic(DeletionGround.CANCELLED): stated, **grounds}


def _section(body: Sequence[ReadableClause], group: Group) -> list[ReadableClause]:
    """Return the clauses below the first heading of the group's area; the whole text if there is no such heading."""
    for opening in body:
        if opening.heading and _matches(_words()["areas"][group], opening.heading):
            return [opening, *_below(body, opening)]
    return list(body)


def _list_under(
    body: Sequence[ReadableClause], group: Group, words: Mapping[str, Patterns]
) -> Sequence[ReadableClause]:
    """Return the clauses of the list that begins with an opening of the area and states most of the topics."""
    openings = [clause for clause in body if _matches(_words()["areas"][group], clause.text)][:_MOST_OPENINGS]
    lists = [_leaves(_below(body, opening)) or [opening] for opening in openings]
    return max(lists, key=lambda found: (len(_one_to_one(words, found)), -len(found)), default=())


def _below(body: Sequence[ReadableClause], opening: ReadableClause) -> list[ReadableClause]:
    """Return the clauses that follow one and are below it, by their level or by their number."""
    below = []
    for clause in body[body.index(opening) + 1 :]:
        is_numbered_below = bool(opening.number) and clause.number.startswith(f"{opening.number.rstrip('.')}.")
        if clause.level <= opening.level and not is_numbered_below:
            break
        below.append(clause)
    return below


def _leaves(section: Sequence[ReadableClause]) -> list[ReadableClause]:
    """Return the clauses that have no clauses below them."""
    numbers = [clause.number for clause in section]
    return [
        clause
        for clause in section
        if not (clause.number and any(number.startswith(f"{clause.number}.") for number in numbers))
        and not (clause.heading and clause.text == clause.heading)
    ]


def _best(patterns: Patterns, among: Sequence[ReadableClause]) -> list[ReadableClause]:
    """Return the clauses whose first paragraph matches most of the patterns."""
    scores = [_score(patterns, _first_paragraph(clause)) for clause in among]
    most = max(scores, default=0)
    return [clause for clause, score in zip(among, scores, strict=True) if most and score == most]


def _one_to_one(words: Mapping[str, Patterns], among: Sequence[ReadableClause]) -> Proposal:
    """Return for each topic its best clauses, except those that another topic fits better."""
    fitting = _best_topics(words, among)
    best = {topic: _best(patterns, among) for topic, patterns in words.items()}
    kept = {topic: [clause for clause in stated if topic in fitting[id(clause)]] for topic, stated in best.items()}
    return {topic: stated for topic, stated in kept.items() if stated}


def _best_topics(words: Mapping[str, Patterns], among: Sequence[ReadableClause]) -> dict[int, set[str]]:
    """Return by a clause's identity the topics with most patterns in it; empty if it has none."""
    fitting: dict[int, set[str]] = {}
    for clause in among:
        scores = {topic: _score(patterns, _first_paragraph(clause)) for topic, patterns in words.items()}
        most = max(scores.values(), default=0)
        fitting[id(clause)] = {topic for topic, score in scores.items() if most and score == most}
    return fitting


def _first_paragraph(clause: ReadableClause) -> str:
    """Return a clause's first paragraph: text after the last item of a list does not belong to that item."""
    paragraphs = clause.text.split("\n")
    stands_alone = len(paragraphs) > 1 and paragraphs[0].strip().rstrip(".") == clause.number
    return "\n".join(paragraphs[: 2 if stands_alone else 1])


def _score(patterns: Patterns, text: str) -> int:
    return sum(bool(pattern.search(text, 0, _SEARCHED)) for pattern in patterns)


def _matches(patterns: Patterns, text: str) -> bool:
    return any(pattern.search(text, 0, _SEARCHED) for pattern in patterns)


def _stems(label: str) -> list[str]:
    """Return the search terms of a label: the first letters of each word; in Chinese, each two characters."""
    if _HAN.search(label):
        return [label[start : start + 2] for start in range(max(len(label) - 1, 1))]
    return [word[:_STEM].casefold() for word in label.split()]


@cache
def _words() -> dict[str, dict[str, Patterns]]:
    read = tomllib.loads(Path(__file__).with_name("topic_words.toml").read_text(encoding="utf-8"))
    return {group: {key: _compiled(patterns) for key, patterns in words.items()} for group, words in read.items()}


def _compiled(patterns: Iterable[str]) -> Patterns:
    return [re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns]
