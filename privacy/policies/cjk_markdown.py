"""A plugin of markdown-it that reads Markdown in Chinese, Japanese and Korean as its writers mean it.

CommonMark decides by spaces and punctuation whether `**` begins or ends bold text. Chinese and Japanese have no
spaces between words and use full-width punctuation, so `**注意：**请` would stay raw. The rule here follows the
CJK-friendly amendments to CommonMark (github.com/tats-u/markdown-cjk-friendly): it only adds places where emphasis
may begin and end, beside characters of these scripts. Everything else is read as before.
"""

from collections.abc import Callable
from unicodedata import category, east_asian_width

from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.rules_block import StateBlock, heading
from markdown_it.rules_inline import StateInline, emphasis, strikethrough

_INLINE_RULES = {"emphasis": emphasis.tokenize, "strikethrough": strikethrough.tokenize}
# Conjoining parts of Hangul, which are neither wide nor narrow.
_HANGUL_PARTS = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
_HANGUL = (range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xA960, 0xA980), range(0xAC00, 0xD800))
# Wide symbols outside these ranges are emoji, which occur in any text. The first has half-width signs such as ₩.
_CJK_SYMBOLS = (range(0x2100), range(0x2E80, 0xFFF0), range(0x1F200, 0x1F260))
_VARIATION_SELECTORS = (range(0xFE00, 0xFE0F), range(0xE0100, 0xE01F0))
_SEPARATORS = frozenset("、，。；：！？．・…")
_CLOSING, _OPENING = ("Pe", "Pf"), ("Ps", "Pi")
# The most punctuation marks between `**` and the character that they belong to, such as `）”。`.
_MOST_SIGNS = 4
_DEEPEST_HEADING = 6
_HEADING_BEGINS = 40  # characters at the start of a line that show its script

InlineRule = Callable[[StateInline, bool], bool]


def cjk_friendly(markdown: MarkdownIt) -> None:
    """Add these rules to a Markdown parser: `MarkdownIt().use(cjk_friendly)`."""
    for name, rule in _INLINE_RULES.items():
        markdown.inline.ruler.at(name, _widened(rule))
    markdown.block.ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    markdown.add_render_rule("softbreak", _soft_break)


def is_cjk(character: str) -> bool:
    """Whether a character is Chinese, Japanese or Korean: a letter, or a full-width sign."""
    code = ord(character)
    if any(code in part for part in _HANGUL_PARTS):
        return True
    if east_asian_width(character) not in ("W", "F", "H"):
        return False
    return category(character)[0] != "S" or any(code in block for block in _CJK_SYMBOLS)


def _widened(rule: InlineRule) -> InlineRule:
    """A rule for `*`, `_` or `~` whose marks may also begin and end beside Chinese, Japanese and Korean characters."""

    def widened(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.delimiters)
        if not rule(state, silent):
            return False
        begins, ends = _flanks(state, start)
        for delimiter in state.delimiters[known:]:
            delimiter.open = delimiter.open or begins
            delimiter.close = delimiter.close or ends
        return True

    return widened


def _flanks(state: StateInline, start: int) -> tuple[bool, bool]:
    """Whether the marks from `start` to the current position begin and end emphasis in these scripts."""
    text, end = state.src, state.pos
    before = text[start - 1] if start else " "
    after = text[end] if end < state.posMax else " "
    behind = _belongs_to_cjk(text, range(start - 1, max(start - 2 - _MOST_SIGNS, -1), -1))
    ahead = _belongs_to_cjk(text, range(end, min(end + 1 + _MOST_SIGNS, state.posMax)))
    if not behind and not ahead:
        return False, False
    begins = _may_touch(after, _CLOSING) and (ahead or behind or not isPunctChar(after))
    ends = _may_touch(before, _OPENING, separators=False) and (behind or ahead or not isPunctChar(before))
    if text[start] == "_":
        # No space separates words in these scripts, but `user_name` stays a word.
        return begins and _is_outside(before), ends and _is_outside(after)
    return begins, ends


def _belongs_to_cjk(text: str, places: range) -> bool:
    """Whether the first character at these places, after punctuation and variation selectors, is of these scripts."""
    for character in (text[place] for place in places):
        if is_cjk(character) and not isWhiteSpace(ord(character)):
            return True
        if not isPunctChar(character) and not _is_variation_selector(character):
            return False
    return False


def _may_touch(character: str, unlike: tuple[str, str], *, separators: bool = True) -> bool:
    """Whether bold text may begin, or end, with this character: `姓名*、电话*` does not mark `、电话`."""
    if isWhiteSpace(ord(character)) or category(character) in unlike:
        return False
    return not separators or character not in _SEPARATORS


def _is_outside(character: str) -> bool:
    return isWhiteSpace(ord(character)) or isPunctChar(character) or _is_east_asian(character)


def _is_east_asian(character: str) -> bool:
    return is_cjk(character) or _is_variation_selector(character)


def _is_variation_selector(character: str) -> bool:
    return any(ord(character) in selectors for selectors in _VARIATION_SELECTORS)


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A heading, also without a space after its `#` where its text is Chinese, Japanese or Korean: `##总则`."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    text = line.lstrip("#")
    level = len(line) - len(text)
    if not 1 <= level <= _DEEPEST_HEADING or state.is_code_block(start) or not _is_heading(text, level):
        return bool(heading(state, start, end, silent))
    if not silent:
        _push_heading(state, start, level, _without_closing_marks(text.strip()))
    return True


def _is_heading(text: str, level: int) -> bool:
    if not text or isWhiteSpace(ord(text[0])):
        return False
    return is_cjk(text[0]) or (level > 1 and any(map(is_cjk, text[:_HEADING_BEGINS])))


def _without_closing_marks(text: str) -> str:
    stripped = text.rstrip("#")
    closes = stripped.endswith((" ", "\t")) or not stripped[-1:].isascii()
    return stripped.rstrip() if closes else text


def _push_heading(state: StateBlock, line: int, level: int, text: str) -> None:
    state.line = line + 1
    state.push("heading_open", f"h{level}", 1).map = [line, state.line]
    content = state.push("inline", "", 0)
    content.content, content.map, content.children = text, [line, state.line], []
    state.push("heading_close", f"h{level}", -1)


def _soft_break(_renderer: object, tokens: list, index: int, *_more: object) -> str:
    """A line end within a paragraph: a space, except within Chinese or Japanese."""
    earlier, later = range(index - 1, -1, -1), range(index + 1, len(tokens))
    before = next((tokens[place].content[-1] for place in earlier if tokens[place].content), "")
    after = next((tokens[place].content[0] for place in later if tokens[place].content), "")
    return "" if _takes_no_space(before) and _takes_no_space(after) else "\n"


def _takes_no_space(character: str) -> bool:
    return bool(character) and is_cjk(character) and not any(ord(character) in part for part in _HANGUL)
