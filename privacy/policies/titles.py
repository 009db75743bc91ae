"""The title of a document: its first heading, a line that names a policy, else a default in its own script."""

import re

from privacy.policies.headings import real_level
from privacy.policies.markup import Element, parents, remove, text_of
from privacy.policies.numbering import numbering_of

LONGEST = 200
_LONGEST_LINE = 80
_FIRST_BLOCKS = 3
_NAMES_A_POLICY = re.compile(
    r"privacy|data protection|隐私|隱私|个人信息保护|個人資料保護|プライバシー|個人情報|개인정보|конфиденциальност"
    r"|персональных данных|datenschutz|privacidad|confidentialité",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.;:,。；：，、!！?？]\s*$")
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), "プライバシーポリシー"),
    (re.compile(r"[\uac00-\ud7af]"), "개인정보 처리방침"),
    (re.compile(r"[\u4e00-\u9fff]"), "隐私政策"),
    (re.compile(r"[\u0400-\u04ff]"), "Политика конфиденциальности"),
)
_MOST_COMMON = 3  # a script with one letter in three is the script of a text


def take_title(body: Element) -> str:
    """Remove the document's title from its body and return it, or return an empty text."""
    return _heading(body) or _line(body)


def title_of(file_name: str, body: Element) -> str:
    """Return a title for a document without one: the name of its file if that names a policy, else a default."""
    words = re.sub(r"[\s_-]+", " ", file_name).strip()
    if _NAMES_A_POLICY.search(words):
        return words[:1].upper() + words[1:]
    text = text_of(body)
    letters = sum(map(str.isalpha, text))
    return next(
        (name for script, name in _SCRIPTS if len(script.findall(text)) * _MOST_COMMON > letters), "Privacy policy"
    )


def _heading(body: Element) -> str:
    headings = [element for element in body.iter() if real_level(element)]
    if not headings or numbering_of(text_of(headings[0])).number:
        return ""
    first, level = headings[0], real_level(headings[0])
    is_alone = all(real_level(other) > level for other in headings[1:])
    if level > 1 and not is_alone and not _NAMES_A_POLICY.search(text_of(first)):
        return ""
    return _taken(body, first)


def _line(body: Element) -> str:
    """One of the first paragraphs, if it is short, not a sentence, and names a policy."""
    for paragraph in [element for element in body.iter("p") if text_of(element)][:_FIRST_BLOCKS]:
        text = text_of(paragraph)
        is_title = len(text) <= _LONGEST_LINE and "\n" not in text and not _ENDS_SENTENCE.search(text)
        if (
            is_title
            and _NAMES_A_POLICY.search(text)
            and not numbering_of(text).number
            and not _is_inside(body, paragraph)
        ):
            return _taken(body, paragraph)
    return ""


def _is_inside(body: Element, paragraph: Element) -> bool:
    """Whether a paragraph belongs to a list or a table."""
    return any(paragraph in part.iter() for tag in ("li", "td", "th", "blockquote") for part in body.iter(tag))


def _taken(body: Element, titled: Element) -> str:
    text = text_of(titled).replace("\n", " ")
    if len(text) > LONGEST:
        return ""
    remove(parents(body)[titled], titled)
    return text
