"""A changed clause with its markup: paragraphs, lists and tables, with insertions and deletions marked.

Long unchanged parts are folded. The markup is made from sanitised texts, and is sanitised again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.policies.aligning import Pair, align
from privacy.policies.matching import tidy
from privacy.policies.sanitising import changed_markup
from privacy.policies.shapes import Container, Tag, TextBlock, lines_of
from privacy.policies.wording import Work, edits, tokens_of

# Unchanged lines shown beside a change, and how many more are worth folding.
_BESIDE, _FEWEST_FOLDED = 1, 2
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_SAME, _INSERTED, _DELETED = "same", "ins", "del"


def marked_html(before: str, after: str, work: Work, page: str = "") -> str:
    """Return a clause's markup with its changes marked; `before` or `after` is empty if it is new or removed.

    `page` is the address of the whole later text, for links to its other clauses.
    """
    pairs = _without_name(align(lines_of(before), lines_of(after, page), work))
    writer = _Writer()
    for is_folded, run in groupby(zip(pairs, _folded(pairs), strict=True), key=lambda pair: pair[1]):
        lines = [pair for pair, _is_folded in run]
        if is_folded:
            writer.open_fold(len(lines))
        for pair in lines:
            writer.write(pair, work)
        if is_folded:
            writer.close_fold()
    return changed_markup(writer.html())


def _without_name(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Return the lines without the clause's heading if it did not change: the page shows it as the clause's name."""
    return pairs[1:] if len(pairs) > 1 and _is_heading(pairs[0]) and pairs[0].is_unchanged else pairs


def _folded(pairs: Sequence[Pair]) -> list[bool]:
    """Return which lines are folded: unchanged ones, except beside a change, and headings."""
    changed = [not pair.is_unchanged for pair in pairs]
    near = [any(changed[max(place - _BESIDE, 0) : place + _BESIDE + 1]) for place in range(len(pairs))]
    hidden = [not is_near and not _is_heading(pair) for is_near, pair in zip(near, pairs, strict=True)]
    runs = [list(run) for _is_hidden, run in groupby(hidden)]
    return [is_hidden and len(run) >= _FEWEST_FOLDED for run in runs for is_hidden in run]


def _is_heading(pair: Pair) -> bool:
    tag = pair.after.tag if pair.after else None
    return bool(tag and tag.name in _HEADINGS)


@dataclass
class _Open:
    """An open container: of the later text, of the earlier one, or of both."""

    tag: Tag
    after: int | None
    before: int | None


class _Writer:
    """Writes lines into lists and tables, which it opens and closes as the lines need them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.begun: set[tuple[bool, int]] = set()

    def html(self) -> str:
        """Return the written markup, with all tags closed."""
        self._close_to(0)
        return "".join(self.parts)

    def open_fold(self, count: int) -> None:
        """Begin a folded part."""
        self._close_to(0)
        label = ngettext("%(count)d line unchanged", "%(count)d lines unchanged", count) % {"count": count}
        self.parts.append(f'<details class="unchanged"><summary>{escape(label)}</summary>')

    def close_fold(self) -> None:
        """End a folded part."""
        self._close_to(0)
        self.parts.append("</details>")

    def write(self, pair: Pair, work: Work) -> None:
        """Write a line: unchanged, with its changes, or deleted."""
        line = pair.after or pair.before
        if line is None:
            return
        self._enter(line.containers, pair)
        contents = _contents(pair, work)
        if line.tag and line.tag.name == "tr":
            cells = ((text.tag or Tag("td"), content) for text, content in zip(line.texts, contents, strict=True))
            self.parts.append(f"<tr>{''.join(_wrapped(tag, content) for tag, content in cells)}</tr>")
        else:
            self.parts.append(_wrapped(line.tag, contents[0]) if line.tag else contents[0])

    def _enter(self, containers: tuple[Container, ...], pair: Pair) -> None:
        """Open the lists and tables that hold a line, and close the others."""
        of_after = pair.after is not None
        depth = 0
        while depth < min(len(containers), len(self.open)) and _is_held(self.open[depth], containers[depth], of_after):
            depth += 1
        self._close_to(depth)
        for container in containers[depth:]:
            self.parts.append(_begin(container, is_again=(of_after, container.key) in self.begun))
            self.open.append(_Open(container.tag, None, None))
        self._name(containers, of_after=of_after)
        if pair.after and pair.before and _tags(pair.after.containers) == _tags(pair.before.containers):
            self._name(pair.before.containers, of_after=False)

    def _name(self, containers: tuple[Container, ...], *, of_after: bool) -> None:
        """Note which containers of a text the open ones are."""
        for known, container in zip(self.open, containers, strict=True):
            self.begun.add((of_after, container.key))
            if of_after:
                known.after = container.key
            else:
                known.before = container.key

    def _close_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self.parts.append(f"</{self.open.pop().tag.name}>")


def _is_held(known: _Open, container: Container, of_after: bool) -> bool:
    """Whether a line's container is the open one; a list may hold lines of both texts, an item only its own."""
    key = known.after if of_after else known.before
    if key is not None or container.tag.name == "li":
        return key == container.key
    return known.tag.name == container.tag.name


def _begin(container: Container, *, is_again: bool) -> str:
    attributes = dict(container.tag.attributes)
    if container.number is not None:
        attributes["value"] = str(container.number)
    if is_again and container.tag.name == "li":
        attributes["class"] = "continued"
    return _begin_tag(container.tag.name, attributes)


def _tags(containers: tuple[Container, ...]) -> list[str]:
    return [container.tag.name for container in containers]


def _contents(pair: Pair, work: Work) -> list[str]:
    """The contents of each text of a line, marked."""
    if pair.before and pair.after:
        both = zip(pair.before.texts, pair.after.texts, strict=True)
        return ["".join(_changed(old, new, work)) for old, new in both]
    kind, line = (_INSERTED, pair.after) if pair.after else (_DELETED, pair.before)
    return [_piece(kind, text, 0, len(text.text)) for text in line.texts] if line else []


def _changed(before: TextBlock, after: TextBlock, work: Work) -> Iterator[str]:
    if tidy(before.text) == tidy(after.text):
        yield _piece(_SAME, after, 0, len(after.text))
        return
    old, new = tokens_of(before.text), tokens_of(after.text)
    old_ends, new_ends = _ends(old), _ends(new)
    for edit in edits([token.strip() for token in old], [token.strip() for token in new], work):
        gone = old_ends[edit.before.start], old_ends[edit.before.stop]
        came = new_ends[edit.after.start], new_ends[edit.after.stop]
        if edit.kind == "equal":
            yield _piece(_SAME, after, *came)
        else:
            yield _piece(_DELETED, before, *gone) + _piece(_INSERTED, after, *came)


def _ends(tokens: Sequence[str]) -> list[int]:
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return ends


def _piece(kind: str, text: TextBlock, begin: int, end: int) -> str:
    """A part of a text with its emphasis and links, marked as inserted or deleted."""
    part = text.text[begin:end]
    if kind == _SAME:
        return "".join(_with_marks(piece, marks) for piece, marks in text.cut(begin, end))
    # The space after the last inserted or deleted word does not belong to it.
    end = begin + len(part.rstrip())
    content = "".join(_with_marks(piece, marks) for piece, marks in text.cut(begin, end))
    space = " " if part != part.rstrip() else ""
    if not content:
        return space if kind == _INSERTED else ""
    label = _("added:") if kind == _INSERTED else _("removed:")
    return f'<{kind}><span class="visually-hidden">{escape(label)} </span>{content}</{kind}>{space}'


def _with_marks(piece: str, marks: tuple[Tag, ...]) -> str:
    content = escape(piece).replace("\n", "<br>")
    for mark in reversed([mark for mark in marks if mark.name not in ("ins", "del")]):
        content = _wrapped(mark, content)
    return content


def _wrapped(tag: Tag, content: str) -> str:
    if tag.name == "hr":
        return "<hr>"
    if tag.name in _HEADINGS:  # the page has headings of its own
        return f"<p><strong>{content}</strong></p>"
    return f"{_begin_tag(tag.name, dict(tag.attributes))}{content}</{tag.name}>"


def _begin_tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"
