"""Numbers of lines and of list items, as policies in many languages write them, are numbers of clauses."""

import pytest

from privacy.policies.importing import read_policy
from privacy.policies.numbering import is_number_alone, numbering_of

pytestmark = pytest.mark.embedded


def clauses(text: str, name: str = "p.md") -> list[tuple[str, str]]:
    return [(clause.number, clause.heading or clause.text) for clause in read_policy(text.encode(), name).clauses]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("1.General", "1"),
        ("1.1Scope of this policy", "1.1"),
        ("1.1We collect", "1.1"),
        ("2)Cookies", "2"),
        ("1.Общие положения", "1"),
        ("1.1Сфера действия", "1.1"),
        ("1.Übersicht", "1"),
        ("1.1个人信息", "1.1"),
        ("１．总则", "1"),
        ("1．2 范围", "1.2"),
        ("第1条 总则", "1"),
        ("第 3 條 權利", "3"),
        ("第十二条：附则", "12"),
        ("제2조 목적", "2"),
        ("D1.2 terms", "D1.2"),
    ],
)
def test_a_number_is_read_with_or_without_a_space(line: str, number: str) -> None:
    assert numbering_of(line).number == number


@pytest.mark.parametrize(
    "line",
    [
        "2.4GHz",
        "1.5GB of data",
        "1.5kg",
        "3.5 million",
        "3.5 млн человек",
        "3.5млн",
        "3.5万人",
        "1.5Mb",
        "14.7.2022",
        "1.txt",
        "12 days",
    ],
)
def test_a_quantity_is_no_number(line: str) -> None:
    assert numbering_of(line).number == ""


@pytest.mark.parametrize("line", ["1.", "2.3", "2.3.", "3)", "4、", "第五条", "六、"])
def test_a_number_may_stand_alone(line: str) -> None:
    assert is_number_alone(line)
    assert numbering_of(line).number


@pytest.mark.parametrize("line", ["1", "2022", "1. x", "第五方", "x"])
def test_other_lines_are_no_number_alone(line: str) -> None:
    assert not is_number_alone(line)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# P\n\n1.\n\nScope\n\nText.\n\n2.\n\nRights\n\nText.", "p.md"),
        ("# P\n\n1.\nScope\n\nText.\n\n2.\nRights\n\nText.", "p.md"),
        ("<h1>P</h1><p>1.</p><p>Scope</p><p>Text.</p><p>2.</p><p>Rights</p><p>Text.</p>", "p.html"),
        ("<h1>P</h1><p><a name='s'></a>1.</p><h2>Scope</h2><p>Text.</p><p>2.</p><h2>Rights</h2><p>Text.</p>", "p.html"),
    ],
)
def test_a_number_alone_on_a_line_belongs_to_the_next(text: str, name: str) -> None:
    assert clauses(text, name) == [("1", "1. Scope"), ("2", "2. Rights")]


def test_a_number_alone_before_a_list_opens_a_clause() -> None:
    assert clauses("<h1>P</h1><p>1.1</p><ul><li>a</li></ul>", "p.html") == [("1.1", "1.1\na")]


def test_a_link_to_a_number_alone_still_leads_there() -> None:
    html = "<h1>P</h1><p>See <a href='#s'>scope</a>.</p><p id='s'>1.</p><p>Scope</p><p>Text.</p>"
    assert 'href="#1"' in read_policy(html.encode(), "p.html").html


def test_an_empty_item_keeps_its_number() -> None:
    text = read_policy(b"# P\n\n## 1. Scope\n\n1. One.\n2.\n3. Three.", "p.md")
    assert [clause.number for clause in text.clauses] == ["1", "1.1", "1.3"]
    assert '<ol start="2"><li></li></ol>' in text.html


def test_items_of_a_list_under_a_numbered_clause_are_its_clauses() -> None:
    sharing = "## 2. Sharing\n\nWith:\n\n1. partners, who help;\n2. courts."
    text = f"# P\n\n{sharing}\n\n## 3. Rights\n\n1. To see.\n   1. In words.\n   2. In files.\n2. To go."
    assert [number for number, _text in clauses(text)] == ["2", "2.1", "2.2", "3", "3.1", "3.1.1", "3.1.2", "3.2"]


def test_numbered_paragraphs_under_a_numbered_clause_are_its_clauses() -> None:
    text = "# 政策\n\n## 一、收集\n\n1、我们收集姓名；\n\n2、我们收集电话。\n\n## 二、使用\n\n1、我们提供服务。"
    assert [number for number, _text in clauses(text)] == ["1", "1.1", "1.2", "2", "2.1"]


def test_what_follows_a_list_is_no_part_of_its_last_item() -> None:
    read = read_policy(
        b"# P\n\n## 4. Rights\n\n1. To see.\n2. To go.\n\nWrite to us.\n\nSoon.\n\n## 5. End\n\nx", "p.md"
    )
    found = [(clause.anchor, clause.number, clause.text) for clause in read.clauses]
    assert found[2:4] == [("4-2", "4.2", "To go."), ("4-after", "", "Write to us.\nSoon.")]


def test_articles_are_clauses_though_they_are_sentences() -> None:
    text = "# 政策\n\n第一条 我们收集您的信息。\n\n第二条 我们不出售您的信息。\n\n更多。"
    assert clauses(text)[1] == ("2", "第二条 我们不出售您的信息。\n更多。")


def test_lists_that_count_on_are_the_sections_of_a_document() -> None:
    text = "# P\n\n1. What we collect\n\nWe collect names.\n\n2. **How we use it**\n\nFor you.\n\n3. Rights\n\nMany."
    assert clauses(text) == [("1", "1. What we collect"), ("2", "2. How we use it"), ("3", "3. Rights")]


def test_a_document_that_is_one_list_has_a_clause_for_each_item() -> None:
    html = (
        "<h1>P</h1><ol><li><h2>Scope</h2><p>All.</p><ol><li>One.</li></ol></li><li><h2>Use</h2><p>None.</p></li></ol>"
    )
    text = read_policy(html.encode(), "p.html")
    assert [(c.number, c.heading, c.level) for c in text.clauses] == [
        ("1", "1. Scope", 2),
        ("1.1", "", 3),
        ("2", "2. Use", 2),
    ]
    assert "<h2>1. Scope</h2>" in text.html


@pytest.mark.parametrize(
    "text",
    [
        "# P\n\n## Rights\n\nTo delete your account, of which we say much more here:\n\n1. Open it.\n2. Go.\n\nText.",
        "# P\n\n1. Scope\n2. Rights\n\n## 1. Scope\n\nText.\n\n## 2. Rights\n\nText.",
        "# P\n\n## 3. Rights\n\n3.1 See data.\n\n3.2 Steps:\n\na. x\n\n## Steps\n\n7. Go.\n8. Stop.",
        "<h1>P</h1><h2>1. Scope</h2><ol type='a'><li>one</li><li>two</li></ol>",
    ],
)
def test_steps_contents_and_letters_stay_lists(text: str) -> None:
    read = read_policy(text.encode(), "p.html" if text.startswith("<") else "p.md")
    assert "<ol" in read.html or "a. x" in read.html
    assert not any(clause.text.startswith(("Open", "Go", "one")) for clause in read.clauses)


def test_a_list_whose_numbers_are_printed_elsewhere_stays_a_list() -> None:
    text = "# P\n\n## 3. Rights\n\n1. See;\n2. Go.\n\n3.1 Printed here."
    assert [number for number, _text in clauses(text)] == ["3", "3.1"]


def test_sensitive_terms_in_items_are_still_those_of_their_clause() -> None:
    items = "1. your **shoe size**;\n2. your name;\n3. your phone number;\n4. your country."
    text = f"# P\n\n1.1.1 We collect:\n\n{items}\n\n2.1 Your **shoe size** is safe."
    assert read_policy(text.encode(), "p.md").html.count('<strong class="sensitive"><u>shoe size</u></strong>') == 2
