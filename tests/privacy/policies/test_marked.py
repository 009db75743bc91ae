"""A changed clause keeps its markup: insertions and deletions are in their paragraph, item and row."""

import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from privacy.policies.differences import DifferenceRow, differences
from privacy.policies.marked import marked_html
from privacy.policies.markup import parse, text_of
from privacy.policies.models import PolicyVersion
from privacy.policies.services import import_policy, publish_policy
from privacy.policies.wording import Work, edits, word_differences

pytestmark = pytest.mark.embedded

LABEL = re.compile(r'<span class="visually-hidden">[^<]*</span>')
TABLE = "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{}</tbody></table>"


def marked(before: str, after: str, page: str = "") -> str:
    return LABEL.sub("", marked_html(before, after, Work(), page))


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        (
            "<p>We keep apples.</p>",
            "<p>We keep no <b>apples</b>.</p>",
            "<p>We keep <ins>no</ins> <b>apples</b>.</p>",
        ),
        (
            "<ul><li>red</li><li>green ones</li><li>blue</li></ul>",
            "<ul><li>red</li><li>green ones too</li></ul>",
            "<ul><li>red</li><li>green ones <ins>too</ins></li><li><del>blue</del></li></ul>",
        ),
        (
            TABLE.format("<tr><td>1</td><td>x y z</td></tr><tr><td>2</td><td>q</td></tr>"),
            TABLE.format("<tr><td>1</td><td>x y w</td></tr>"),
            TABLE.format(
                "<tr><td>1</td><td>x y <del>z</del><ins>w</ins></td></tr>"
                "<tr><td><del>2</del></td><td><del>q</del></td></tr>"
            ),
        ),
        (
            "<ul><li>one<ul><li>deep</li></ul></li></ul>",
            "<ul><li>one<ul><li>deep</li><li>deeper</li></ul></li></ul>",
            "<ul><li>one<ul><li>deep</li><li><ins>deeper</ins></li></ul></li></ul>",
        ),
        (
            '<ol start="3"><li>a b c</li></ol>',
            '<ol start="3"><li>a b d</li></ol>',
            '<ol><li value="3">a b <del>c</del><ins>d</ins></li></ol>',
        ),
        (
            "<p>我们收集您的姓名。</p>",
            '<p>我们收集您的<strong class="sensitive"><u>电话</u></strong>。</p>',
            '<p>我们收集您的<del>姓名</del><ins><strong class="sensitive"><u>电话</u></strong></ins>。</p>',
        ),
        ("<p>a<br>b</p>", "<p>a<br>c</p>", "<p>a<br><del>b</del><ins>c</ins></p>"),
        ("", "<p>x</p><p>y</p>", "<p><ins>x</ins></p><p><ins>y</ins></p>"),
        ("<ul><li>x</li></ul>", "", "<ul><li><del>x</del></li></ul>"),
        ("<h2>Same</h2><p>x y</p>", "<h2>Same</h2><p>x z</p>", "<p>x <del>y</del><ins>z</ins></p>"),
        (
            "<h2>Old name</h2><p>x</p>",
            "<h2>New name</h2><p>x</p>",
            "<p><strong><del>Old</del> <ins>New</ins> name</strong></p><p>x</p>",
        ),
    ],
)
def test_changes_are_marked_in_their_markup(before: str, after: str, html: str) -> None:
    assert marked(before, after) == html


def test_a_paragraph_that_is_another_one_is_taken_out_and_put_in_whole() -> None:
    html = marked("<p>Apples ripen in summer.</p>", "<p>Nobody reads this long text here.</p>")
    assert html == "<p><del>Apples ripen in summer.</del></p><p><ins>Nobody reads this long text here.</ins></p>"


def test_what_is_unchanged_at_length_is_folded_with_its_shape() -> None:
    items = "".join(f"<li>item {number}</li>" for number in range(1, 10))
    html = marked(f"<ol>{items}</ol>", f"<ol>{items}<li>new</li></ol>")
    assert html.startswith(
        '<details class="unchanged"><summary>8 lines unchanged</summary><ol><li value="1">item 1</li>'
    )
    assert html.endswith('</details><ol><li value="9">item 9</li><li value="10"><ins>new</ins></li></ol>')


def test_labels_speak_the_reader_s_language() -> None:
    with override("zh-hans"):
        html = marked_html("<p>a b</p>", "<p>a c</p>", Work())
    assert "删除：" in html
    assert "新增：" in html


def test_links_to_other_clauses_lead_to_the_whole_text() -> None:
    link = '<p>see <a href="#2">rights</a> x</p>'
    assert 'href="/p/?language=en#2"' in marked("<p>see x</p>", link, "/p/?language=en")
    assert "<a" not in marked("<p>see x</p>", link)


def test_what_looks_like_markup_stays_text() -> None:
    html = marked("<p>a</p>", "<p>a &lt;script&gt;x()&lt;/script&gt; <a href='https://e.org/?a=1&amp;b=\"'>l</a></p>")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


WORDS = ["one", "two", "three", "我", "们", "four,", "<b>five</b>", "six."]
words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
blocks = st.lists(
    st.one_of(
        words.map("<p>{}</p>".format),
        st.lists(words, max_size=3).map(lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"),
        st.lists(words, max_size=3).map(
            lambda cells: f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
        ),
    ),
    max_size=5,
).map("".join)


@given(blocks, blocks)
def test_both_texts_can_be_read_from_the_marked_one(before: str, after: str) -> None:
    html = re.sub(r"<summary>.*?</summary>", "", marked(before, after))
    without_del, without_ins = (re.sub(rf"<{kind}>.*?</{kind}>", "", html) for kind in ("del", "ins"))
    assert plain(without_del) == plain(after)
    assert plain(without_ins) == plain(before)


def plain(html: str) -> str:
    return "".join(text_of(parse(html)).split())


def test_runs_of_unchanged_clauses_are_between_the_changes() -> None:
    names = ["apples", "bricks", "clouds", "dogs", "eggs"]
    text = "# P\n\n" + "\n\n".join(f"## {name}\n\nAbout {name} we say much." for name in names)
    rows = differences(version(text, "1"), version(text.replace("About clouds", "Of clouds"), "2")).rows
    assert [(row.number, [clause.heading for clause in row.unchanged]) for row in rows] == [
        (0, ["apples", "bricks"]),
        (1, []),
        (0, ["dogs", "eggs"]),
    ]
    assert (rows[1].previous, rows[1].next) == (0, 2)
    assert DifferenceRow().change is None


def test_a_clause_without_a_heading_is_named_by_its_number_and_first_words() -> None:
    change = differences(
        version("# P\n\n1.1 We keep it.", "1"), version("# P\n\n1.1 We keep " + 40 * "all ", "2")
    ).changes[0]
    assert change.name.startswith("1.1 We keep all")
    assert change.name.endswith("…")
    assert len(change.name) < 70


def test_a_name_is_the_first_line() -> None:
    change = differences(
        version("# P\n\n1.1 We keep:\n\n- a", "1"), version("# P\n\n1.1 We keep:\n\n- b", "2")
    ).changes[0]
    assert change.name == "1.1 We keep:"


def version(content: str, label: str) -> PolicyVersion:
    return import_policy(content=content.encode(), file_name="p.md", jurisdiction="intl", label=label, language="en")


@pytest.mark.django_db
def test_the_page_names_every_change_and_links_to_the_next(client) -> None:
    text = "# P\n\n## A\n\nalpha one\n\n## B\n\nbeta two\n\n## C\n\ngamma three\n\n## D\n\ndelta four\n"
    after = text.replace("alpha one", "alpha two").replace("delta four", "delta five")
    for label, content in (("1", text), ("2", after)):
        publish_policy(version=version(content, label), material=True)
    page = client.get("/policies/intl/changes/?since=1&to=2", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page.count('href="#change-1"') == 2
    assert page.count('href="#change-2"') == 2
    assert "2 clauses unchanged" in page
    assert '/policies/intl/2/?language=en#b"' in page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a"] * 4000, ["a", "b"] * 2000),
        ([str(place % 2) for place in range(8000)], [str(place % 3) for place in range(8000)]),
        (["a"] * 50_000, ["a"] * 49_999 + ["b"]),
    ],
)
def test_comparing_ends_when_its_work_is_done(before: list[str], after: list[str]) -> None:
    assert [edit.kind for edit in edits(before, after, Work())][-1] == "replace"


def test_a_text_past_the_work_counts_as_wholly_another() -> None:
    assert [span.kind for span in word_differences("a b c", "a b d", Work(2))] == ["del", "ins"]
