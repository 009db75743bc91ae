"""No word of a document is lost between the operator's file and what is shown."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from privacy.policies.importing import read_policy
from privacy.policies.variants import VariantNeeded
from tests.environment import SHARED
from tests.privacy.policies.given import read_given

pytestmark = pytest.mark.embedded

GIVEN = SHARED / "corpus" / "policies" / "given"
SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
SAMPLES = Path("privacy/policies/samples")
FILES = [*sorted(GIVEN.glob("**/*.md")), *sorted(GIVEN.glob("**/*.html"))]
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
# What is no text: attributes of Kramdown and Material, icons, the fields before the text.
NO_TEXT = re.compile(
    r"\A---[ \t]*\n.*?\n---[ \t]*\n|\{:[^{}\n]*\}|(?<=\))\{[^{}\n]*\}|:(?:material|octicons)-[a-z0-9-]+:", re.DOTALL
)
FILE_NAME = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
AROUND = {"script", "style", "title", "nav", "header", "footer", "svg"}
PLAIN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Words(HTMLParser):
    """Counts the words of markup, and the numbers and texts that stand for images."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.around = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.around += tag in AROUND
        alt = dict(attrs).get("alt") or ""
        if tag == "img" and not FILE_NAME.search(alt):
            self.text.append(f" {alt} ")
        if tag not in ("b", "strong", "em", "i", "u", "span", "a", "font", "sup", "sub", "code"):
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.around -= tag in AROUND

    def handle_data(self, data: str) -> None:
        if not self.around:
            self.text.append(data)


def words_of(html: str) -> Counter[str]:
    reader = Words()
    reader.feed(html)
    reader.close()
    return Counter(WORD.findall("".join(reader.text).casefold()))


def lost_words(file: Path) -> Counter[str]:
    text = NO_TEXT.sub(" ", file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    before = words_of(PLAIN.render(text) if file.name.endswith(".md") else text)
    read = read_given(file)
    return before - words_of(f"<p>{read.title}</p>{read.html}")


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(GIVEN)))
def test_no_word_of_a_given_document_is_lost(file: Path) -> None:
    assert lost_words(file) == Counter()


@pytest.mark.shared
def test_no_word_of_the_variants_of_a_document_is_lost() -> None:
    with pytest.raises(VariantNeeded):
        read_policy(SEED.read_bytes(), SEED.name)
    both = [words_of(read_policy(SEED.read_bytes(), SEED.name, variant).html) for variant in (1, 2)]
    assert words_of(SEED.read_text().replace("# Quectel Privacy Policy", "")) - (both[0] + both[1]) == Counter()


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.md")), ids=lambda file: file.name)
def test_no_word_of_a_sample_is_lost(file: Path) -> None:
    assert lost_words(file) == Counter()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# P\n\n7.\n\n- \n\nText", "7"),
        ("# P\n\n7.\n\n| a |\n|---|\n| b |", "7"),
        ("# P\n\n1.2\n\n3.4\n\nText", "1.2 3.4"),
        ("# P\n\n![TRUSTe certified](https://example.org/a.png)\n\nText", "TRUSTe certified"),
        ("# " + 60 * "word " + "\n\nText", "word"),
        ("# P\n\n##总则\n\n**一、**总则", "总则"),
    ],
)
def test_what_is_easily_lost_is_shown(text: str, words: str) -> None:
    read = read_policy(text.encode(), "p.md")
    shown = " ".join(clause.text for clause in read.clauses)
    numbers = re.findall(r'start="(\d+)"', read.html)
    assert all(word in shown or word in numbers for word in words.split())


def test_a_page_of_several_articles_comes_in_whole() -> None:
    page = "<html><body><nav>Menu</nav><header>Head</header>{}<footer>Foot</footer></body></html>"
    sections = "".join(
        f"<section><header><h2>{n}. Part</h2></header><article>Text {n}.</article></section>" for n in (1, 2)
    )
    shown = " ".join(clause.text for clause in read_policy(page.format(sections).encode(), "p.html").clauses)
    assert shown.split() == ["1.", "Part", "Text", "1.", "2.", "Part", "Text", "2."]


def test_the_template_of_a_component_is_its_text() -> None:
    read = read_policy(b"<template><div><h1>Policy</h1><p>Words.</p></div></template><script>no()</script>", "p.vue")
    assert (read.title, read.clauses[0].text) == ("Policy", "Words.")
