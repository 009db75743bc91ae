"""Templates of answers, from a TOML file that the operator may replace: texts in each language, to be filled in."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from privacy.jurisdictions.texts import LocalisedText, localised
from privacy.rights.choices import ItemState, Right

SHIPPED = Path(__file__).parent / "answers.toml"
_KEYS = {"title", "text", "rights", "outcomes"}
_BY_STAFF = (ItemState.DONE.value, ItemState.PARTLY.value, ItemState.REFUSED.value)


class AnswersMalformed(ValueError):
    """A file of templates does not have the form that the first lines of the one that ships describe."""


@dataclass(frozen=True)
class AnswerTemplate:
    """A text in each language, for some rights and outcomes; none listed: for all. `title` is for staff."""

    key: str
    title: LocalisedText
    text: LocalisedText
    rights: Collection[str]
    outcomes: Collection[str]

    def is_for(self, *, right: str, outcome: str) -> bool:
        """Whether it is offered for an item of this right, decided in this way; both empty for an answer alone."""
        return (not self.rights or not right or right in self.rights) and (
            not self.outcomes or not outcome or outcome in self.outcomes
        )


def read_answer_templates(file: str = "") -> dict[str, AnswerTemplate]:
    """Return the templates of a TOML file by their key, or those that ship.

    Raises `AnswersMalformed`, `OSError` for an unreadable file, and `ValueError` for a file that is not TOML.
    """
    declared = tomllib.loads(Path(file or SHIPPED).read_text(encoding="utf-8"))
    return {key: _template(key, table) for key, table in declared.items()}


def _template(key: str, table: Any) -> AnswerTemplate:
    if not isinstance(table, dict) or not {"title", "text"} <= set(table) <= _KEYS:
        raise AnswersMalformed(f"{key}, must be a table with title, text, and if need be rights and outcomes")
    for name in ("title", "text"):
        if not _is_localised(table[name]):
            raise AnswersMalformed(f"{key}.{name}, must be a table of texts by language, `en` among them")
    for name, known in (("rights", Right.values), ("outcomes", _BY_STAFF)):
        if not isinstance(table.get(name, []), list) or not set(map(str, table.get(name, []))) <= set(known):
            raise AnswersMalformed(f"{key}.{name}, must be a list of some of: {', '.join(known)}")
    return AnswerTemplate(
        key=key,
        title=localised(table["title"]),
        text=localised(table["text"]),
        rights=frozenset(table.get("rights", [])),
        outcomes=frozenset(table.get("outcomes", [])),
    )


def _is_localised(texts: Any) -> bool:
    is_table = isinstance(texts, Mapping) and "en" in texts
    return is_table and all(isinstance(text, str) and text.strip() for text in texts.values())
