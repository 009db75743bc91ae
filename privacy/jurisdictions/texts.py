"""Texts in several languages, from reviewed files."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class LocalisedText:
    """One text in several languages; `str()` returns the reader's, else English."""

    by_language: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        texts = dict(self.by_language)
        return texts.get((get_language() or "en").lower(), texts["en"])


def localised(by_language: Mapping[str, str]) -> LocalisedText:
    """Return a text from a table of a TOML file, language by language."""
    return LocalisedText(tuple(by_language.items()))
