"""Differences by clause and by word."""

import pytest

from privacy.policies.differences import Change, ClauseChange, Differences, differences
from privacy.policies.models import PolicyVersion
from privacy.policies.services import import_policy, publish_policy
from privacy.policies.wording import word_differences
from tests.environment import SHARED

pytestmark = pytest.mark.embedded

PAIRS = SHARED / "corpus" / "policies" / "given" / "edit-pairs"


def version(content: str | bytes, label: str, language: str = "en") -> PolicyVersion:
    raw = content.encode() if isinstance(content, str) else content
    return import_policy(content=raw, file_name="p.md", jurisdiction="intl", label=label, language=language)


def compare(before: str | bytes, after: str | bytes) -> Differences:
    return differences(version(before, "before"), version(after, "after"))


def pair(name: str) -> Differences:
    return compare((PAIRS / name / "before.md").read_bytes(), (PAIRS / name / "after.md").read_bytes())


def marked(change: ClauseChange) -> list[tuple[str, str]]:
    return [(span.kind, span.text.strip()) for span in change.spans if span.kind != "same"]


@pytest.mark.shared
def test_one_word_not_is_shown_and_nothing_else() -> None:
    found = pair("basecamp-one-word-not")
    assert [marked(change) for change in found.changes] == [[("ins", "not")]]
    assert not found.editorial_hint


@pytest.mark.shared
def test_a_typo_is_shown() -> None:
    assert [marked(change) for change in pair("basecamp-typo").changes] == [[("del", "build"), ("ins", "built")]]


@pytest.mark.shared
def test_a_date_line_alone_looks_editorial() -> None:
    found = pair("basecamp-last-updated-only")
    assert [marked(change) for change in found.changes] == [[("del", "6"), ("ins", "7")]]
    assert found.editorial_hint


@pytest.mark.shared
@pytest.mark.parametrize("name", ["firefox-zh-crlf-to-lf", "github-eol-spaces"])
def test_line_ends_and_spaces_are_no_change(name: str) -> None:
    found = pair(name)
    assert found.changes == []
    assert found.editorial_hint


@pytest.mark.shared
def test_a_link_that_leads_elsewhere_is_a_change() -> None:
    found = pair("firefox-en-broken-link")
    assert [change.links_changed for change in found.changes] == [True]
    assert not found.editorial_hint


@pytest.mark.shared
def test_a_rewrite_shows_what_stayed() -> None:
    found = pair("basecamp-big-rewrite")
    assert found.counts["changed"] >= 4
    assert found.counts["unchanged"] >= 10
    assert not found.editorial_hint


def test_a_link_target_alone_is_a_change() -> None:
    (change,) = compare("# P\n\n[a](https://example.org/1)", "# P\n\n[a](https://example.org/2)").changes
    assert change.links_changed
    assert marked(change) == []


def test_added_and_removed_clauses_keep_their_places() -> None:
    before = "# P\n\n## One\n\napples\n\n## Two\n\nbricks and stones\n\n## Three\n\nclouds"
    after = "# P\n\n## One\n\napples\n\n## Three\n\nclouds\n\n## Four\n\ndogs barking loudly"
    found = compare(before, after)
    assert [(change.kind, change.clause.heading) for change in found.changes] == [
        (Change.REMOVED, "Two"),
        (Change.ADDED, "Four"),
    ]
    assert found.counts == {"added": 1, "removed": 1, "changed": 0, "moved": 0, "unchanged": 2}


def test_a_clause_in_another_place_moved() -> None:
    before = "# P\n\n## A\n\nalpha\n\n## B\n\nbeta\n\n## C\n\ngamma"
    after = "# P\n\n## B\n\nbeta\n\n## C\n\ngamma\n\n## A\n\nalpha"
    found = compare(before, after)
    assert [(change.kind, change.clause.heading) for change in found.changes] == [(Change.MOVED, "A")]


def test_a_clause_put_in_between_only_renumbers_the_others() -> None:
    before = "# P\n\n1.1 We keep apples.\n\n1.2 We sell nothing."
    after = "# P\n\n1.1 We keep apples.\n\n1.2 Bananas ripen fast in summer.\n\n1.3 We sell nothing."
    found = compare(before, after)
    assert [(change.kind, change.clause.number) for change in found.changes] == [
        (Change.ADDED, "1.2"),
        (Change.MOVED, "1.3"),
    ]


def test_chinese_is_compared_character_by_character() -> None:
    spans = [(span.kind, span.text) for span in word_differences("我们会出售信息。", "我们不会出售信息。")]
    assert spans == [("same", "我们"), ("ins", "不"), ("same", "会出售信息。")]


def test_spans_give_both_texts_back() -> None:
    before, after = "We do sell it, twice.", "We do not sell it."
    spans = word_differences(before, after)
    assert "".join(span.text for span in spans if span.kind != "del") == after


def test_everything_is_new_against_nothing() -> None:
    found = differences(None, version("# P\n\n1.1 One\n\n1.2 Two", "1"))
    assert found.counts["added"] == 2


def test_a_version_in_another_language_is_compared_through_its_translation() -> None:
    old_en = publish_policy(version=version("# P\n\n1.1 Old", "1"))
    new_zh = version("# 政策\n\n1.1 新的", "2", "zh-hans")
    assert not differences(old_en, new_zh).is_comparable
    publish_policy(version=version("# 政策\n\n1.1 旧的", "1", "zh-hans"))
    found = differences(old_en, new_zh)
    assert found.is_comparable
    assert found.counts["changed"] == 1
