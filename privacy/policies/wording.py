"""Word by word, and character by character in Chinese: what was put in and what was taken out."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A Chinese, Japanese or Korean character alone; a word with the space after it; a sign with the space after it.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+\s?|\W\s?")


@dataclass(frozen=True)
class Span:
    """A piece of text that stayed (`same`), was put in (`ins`) or taken out (`del`)."""

    kind: str
    text: str


def tokens_of(text: str) -> list[str]:
    """Return the words, signs and characters of a text."""
    return _TOKEN.findall(text)


def word_differences(before: str, after: str) -> list[Span]:
    """Return the later text as spans, with what was taken out in its place."""
    old, new = tokens_of(before), tokens_of(after)
    # A word at the end of a text has no space after it; that is no difference.
    matcher = SequenceMatcher(None, [t.rstrip() for t in old], [t.rstrip() for t in new], autojunk=False)
    spans: list[Span] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            spans.append(Span("same", "".join(new[j1:j2])))
            continue
        if i1 < i2:
            spans.append(Span("del", "".join(old[i1:i2])))
        if j1 < j2:
            spans.append(Span("ins", "".join(new[j1:j2])))
    return spans
