"""Clauses: split at headings and numbers, with anchors that survive edits elsewhere."""

from pathlib import Path

import pytest

from privacy.policies.importing import read_policy
from tests.environment import SHARED
from tests.privacy.policies.given import read_given

pytestmark = pytest.mark.embedded

GIVEN = SHARED / "corpus" / "policies" / "given"
SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
SERIES = {"basecamp-privacy-en": 0.5, "ota-wechat-privacy-en": 0.8, "mozilla-accounts-privacy-zh-CN-html": 0.9}


def anchors(text: str | bytes, name: str = "p.md", variant: int | None = None) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    return [clause.anchor for clause in read_policy(content, name, variant).clauses]


def test_a_clause_begins_at_each_heading_and_number() -> None:
    text = read_policy(b"# P\n\nHello\n\n## 1. What we collect\n\nWe do.\n\n1.1 First\n\nmore\n\n1.1.1 Deep", "p.md")
    assert [(c.anchor, c.number, c.level) for c in text.clauses] == [
        ("preamble", "", 2),
        ("1", "1", 2),
        ("1-1", "1.1", 3),
        ("1-1-1", "1.1.1", 4),
    ]
    assert [c.text for c in text.clauses][2] == "1.1 First\nmore"


def test_a_bold_line_is_a_heading() -> None:
    html = b"<p><strong>1. What we do</strong></p><p>Text</p><p><strong>Definition</strong></p><p>Text</p>"
    text = read_policy(html, "p.html")
    assert [c.heading for c in text.clauses] == ["1. What we do", "Definition"]
    assert "<h2>1. What we do</h2>" in text.html


@pytest.mark.parametrize(
    "line", ["<strong>Email: a@example.org</strong>", "<strong>1.7.9 News;</strong>", "<strong>Stop.</strong>"]
)
def test_a_bold_sentence_is_no_heading(line: str) -> None:
    assert not any(c.heading for c in read_policy(f"<p>{line}</p>".encode(), "p.html").clauses)


@pytest.mark.parametrize("line", ["3.5 million people use it.", "2022.7.14 was a day.", "1.5kg of paper."])
def test_a_quantity_is_no_number_of_a_clause(line: str) -> None:
    assert anchors(f"# P\n\nText\n\n{line}") == ["preamble"]


def test_definitions_numbered_like_the_first_section_stay_apart() -> None:
    text = "# P\n\n## Definitions\n\n1.1 Data is data.\n\n## 1. Collecting\n\n1.1 We collect."
    assert anchors(text) == ["definitions", "d1-1", "1", "1-1"]


@pytest.mark.shared
def test_the_seed_s_anchors_are_those_the_promises_name() -> None:
    both = [anchors(SEED.read_bytes(), SEED.name, variant) for variant in (1, 2)]
    assert both[0] == both[1]
    assert {"d1-1", "d1-4", "1-1", "1-1-1", "1-1-2", "1-7-11", "3-5-2", "9-2"} <= set(both[0])


def test_chinese_headings_and_numbers_have_anchors() -> None:
    text = "# 隐私政策\n\n## 一、总则\n\n1.1 您好\n\n## 第二条 权利\n\n正文\n\n## 联系我们\n\n正文"
    assert anchors(text) == ["1", "1-1", "2", "联系我们"]


def test_an_anchor_survives_edits_elsewhere() -> None:
    before = anchors("# P\n\n## Cookies\n\nText\n\n## Your rights\n\nText")
    after = anchors("# P\n\nNew\n\n## Scope\n\nText\n\n## Your rights\n\nOther\n\n## Cookies\n\nText")
    assert set(before) <= set(after)


def test_equal_headings_are_distinguished_by_their_parents() -> None:
    text = "# P\n\n## Web\n\nx\n\n### Cookies\n\nx\n\n## App\n\nx\n\n### Cookies\n\nx\n\n### Cookies\n\nx"
    found = anchors(text)
    assert len(set(found)) == len(found)
    assert found[:2] == ["web", "cookies"]


@pytest.mark.shared
@pytest.mark.parametrize("policy", SERIES)
def test_anchors_are_stable_across_the_versions_of_a_real_policy(policy: str) -> None:
    files: list[Path] = sorted((GIVEN / policy).iterdir())[-3:]
    older, newer = (set(anchors(file.read_bytes(), file.name)) for file in files[-2:])
    assert len(older & newer) / len(older) >= SERIES[policy]


@pytest.mark.shared
def test_anchors_are_unique_in_every_given_document() -> None:
    for file in sorted(GIVEN.glob("*/*.*")):
        found = [clause.anchor for clause in read_given(file).clauses]
        assert len(set(found)) == len(found), file


def test_no_heading_takes_an_id_of_the_pages_around_it() -> None:
    taken = {"main", "menu", "progress", "typed"}
    text = "# P\n\n" + "\n\n".join(f"## {name}\n\nText." for name in taken)
    assert not taken & set(anchors(text))
