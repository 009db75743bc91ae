"""Read an operator's document in its usual forms: HTML pages and fragments, Markdown, Vue templates, BOM and CRLF."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import PurePath

from markdown_it import MarkdownIt

from privacy.policies.cjk_markdown import cjk_friendly
from privacy.policies.markup import Element, parents, parse, remove, text_of
from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _
from privacy.policies.sanitising import tidy_markup
from privacy.policies.titles import LONGEST, take_title, title_of
from privacy.policies.variants import choose_variant

# As `PolicyVersion.MediaType` names them: this module also runs without Django.
HTML, MARKDOWN = "html", "markdown"
LARGEST = 2 * 1024 * 1024
# Extensions of uploads. Whatever its extension, a file must be text.
MARKDOWN_EXTENSIONS, HTML_EXTENSIONS = ("md", "markdown", "mkd"), ("html", "htm", "vue")
EXTENSIONS = (*MARKDOWN_EXTENSIONS, *HTML_EXTENSIONS, "txt")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.{1,300}?)\1[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]")
_PAGE_TITLE = re.compile(r"<title[^<>]*>", re.IGNORECASE)
_END_OF_TITLE = re.compile(r"</title", re.IGNORECASE)
_IS_PAGE = re.compile(r"<(?:html|body|!doctype)\b", re.IGNORECASE)
# Kramdown's `{: #name key="value" }` and Material's `{ target="_blank" }` and `:material-icon:` are not text. No
# pattern reads past another `{`: the time grows linearly with the length of the text.
_KRAMDOWN = re.compile(r"\{:[^{}\n]*\}")
_NAME = re.compile(r"#([\w-]+)")
_ATTRIBUTES = re.compile(r"(?<=\))\{\s*[.#\w-]+=[^{}\n]*\}")
# A Vue component has its text in a `template`, and variants in nested ones.
_TEMPLATE = re.compile(r"<(/?)template\b", re.IGNORECASE)
_ICONS = re.compile(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:[ \t]*")
# Chinese lines that are not lists in Markdown: `1、` and `第三条` begin a paragraph, `-姓名` an item.
_NUMBERED_LINE = re.compile(
    r"(?<=\S)[ \t]*\n"
    r"(?=[ \t\u3000]{0,4}(?:\d{1,2}[、．]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[条條章节節]))"
)
_LISTED_LINE = re.compile(
    r"^([ \t]{0,8})(?:([-+])|(\*)(?![^*\n]*\*))(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af《“「【])", re.MULTILINE
)
_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(cjk_friendly)


class UnreadableDocument(PolicyRefused):
    """The file is not a text that could be a policy; the message says what to do."""


@dataclass(frozen=True)
class Document:
    """The title of a document and its body as a tree, without active content."""

    title: str
    media_type: str
    body: Element


def read_document(content: bytes, file_name: str, variant: int | None = None) -> Document:
    """Return the readable part of a document.

    Raises `UnreadableDocument`, `VariantNeeded` and `UnknownVariant`.
    """
    text = _decode(content)
    media_type = _media_type(text, file_name)
    front_matter, text = _split_front_matter(text)
    body = parse(tidy_markup(_as_html(text, media_type)))
    choose_variant(body, variant)
    if _IS_PAGE.search(text):
        body = _main_part(body)
    title = take_title(body) or front_matter or _page_title(text) or title_of(PurePath(file_name).stem, body)
    if not text_of(body):
        raise UnreadableDocument(_("%(file)s contains no readable text."), file=file_name)
    return Document(title[:LONGEST], media_type, body)


def _decode(content: bytes) -> str:
    if len(content) > LARGEST:
        raise UnreadableDocument(_("The file is larger than %(most)s kB."), most=LARGEST // 1024)
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableDocument(_("The file is not UTF-8 text. Save it as UTF-8 and import it again.")) from None
    if "\0" in text:
        raise UnreadableDocument(_("The file is not text. Import the policy as HTML or Markdown."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _media_type(text: str, file_name: str) -> str:
    extension = PurePath(file_name).suffix.lower().removeprefix(".")
    if extension in MARKDOWN_EXTENSIONS:
        return MARKDOWN
    looks_like_markup = text.lstrip().startswith("<") or _heading_before_markup(text)
    return HTML if extension in HTML_EXTENSIONS or looks_like_markup else MARKDOWN


def _split_front_matter(text: str) -> tuple[str, str]:
    """Return the title in YAML front matter, if any, and the text after it."""
    matter = _FRONT_MATTER.match(text)
    if not matter:
        return "", text
    title = _FRONT_MATTER_TITLE.search(matter[1])
    return (title[2] if title else ""), text[matter.end() :]


def _as_html(text: str, media_type: str) -> str:
    if media_type == MARKDOWN:
        without_icons = _ICONS.sub("", text)
        listed = _LISTED_LINE.sub(r"\1\2\3 ", _NUMBERED_LINE.sub("\n\n", without_icons))
        named = _KRAMDOWN.sub(_name_only, listed)
        return str(_markdown.render(_ATTRIBUTES.sub("", named)))
    text = _TEMPLATE.sub(r"<\1div", text)
    before = _heading_before_markup(text)
    return f"<h1>{escape(before[0])}</h1>\n{before[1]}" if before else text


def _heading_before_markup(text: str) -> tuple[str, str] | None:
    """Return a Markdown heading before markup, and the markup; None if there is none."""
    line, _, markup = text.lstrip().partition("\n")
    if not _HEADING.match(line) or not markup.lstrip().startswith("<"):
        return None
    return line.lstrip("#").strip(" \t#"), markup.lstrip()


def _name_only(attributes: re.Match[str]) -> str:
    name = _NAME.search(attributes[0])
    return f'<a id="{name[1]}"></a>' if name else ""


def _main_part(body: Element) -> Element:
    """The main text of a page: its `main`, else its only `article`, else all but navigation, header and footer."""
    mains, articles = list(body.iter("main")), list(body.iter("article"))
    if mains:
        return max(mains, key=lambda part: len(text_of(part)))
    if len(articles) == 1:
        return articles[0]
    above = parents(body)
    of_sections = {part for tag in ("section", "article") for whole in body.iter(tag) for part in whole.iter()}
    for element in [e for e in body.iter() if e.tag in ("nav", "header", "footer") and e not in of_sections]:
        remove(above[element], element)
    return body


def _page_title(text: str) -> str:
    begin = _PAGE_TITLE.search(text)
    end = _END_OF_TITLE.search(text, begin.end()) if begin else None
    return text_of(parse(tidy_markup(text[begin.end() : end.start()]))) if begin and end else ""
