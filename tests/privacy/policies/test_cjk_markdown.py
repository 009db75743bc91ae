"""Markdown in Chinese, Japanese and Korean is read as its writers mean it; everything else as CommonMark says."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from privacy.policies.cjk_markdown import cjk_friendly, is_cjk
from privacy.policies.importing import read_policy
from tests.environment import SHARED
from tests.privacy.policies.given import read_given

pytestmark = pytest.mark.embedded

GIVEN = SHARED / "corpus" / "policies" / "given"
VARIANT = "葛\U000e0100"
PLAIN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
FRIENDLY = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(cjk_friendly)


def inline(text: str) -> str:
    return str(FRIENDLY.renderInline(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**个人信息：**我们收集", "<strong>个人信息：</strong>我们收集"),
        ("我们的**“隐私政策”**是", "我们的<strong>“隐私政策”</strong>是"),
        ("我们的**“隐私政策”**Firefox", "我们的<strong>“隐私政策”</strong>Firefox"),
        ("Firefox**《隐私声明》**2022", "Firefox<strong>《隐私声明》</strong>2022"),
        ("**重要（必读）。**请", "<strong>重要（必读）。</strong>请"),
        ("**（重要）**第一", "<strong>（重要）</strong>第一"),
        ("**邮箱：**privacy@example.org", "<strong>邮箱：</strong>privacy@example.org"),
        ("*更多详情，包括：*您可以", "<em>更多详情，包括：</em>您可以"),
        ("标签页。_我们不会接收。_查询", "标签页。<em>我们不会接收。</em>查询"),
        ("__重要：__请", "<strong>重要：</strong>请"),
        ("~~旧版（已废）。~~新版", "<s>旧版（已废）。</s>新版"),
        ("**これは太字です。**この", "<strong>これは太字です。</strong>この"),
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("변경 **패키지(package)**를", "변경 <strong>패키지(package)</strong>를"),
        ("**`npm`**를", "<strong><code>npm</code></strong>를"),
        ("**ﾊﾝｶｸ｡**ﾓｼﾞ", "<strong>ﾊﾝｶｸ｡</strong>ﾓｼﾞ"),
        (f"**{VARIANT}城。**市", f"<strong>{VARIANT}城。</strong>市"),
        (f"{VARIANT}**(注)**市", f"{VARIANT}<strong>(注)</strong>市"),
        ("**提示！\ufe00**请", "<strong>提示！\ufe00</strong>请"),
        ("**𠮷野。**家", "<strong>𠮷野。</strong>家"),
        ("**[链接](https://example.org)**是", '<strong><a href="https://example.org">链接</a></strong>是'),
        ("[**甲：**乙](https://example.org)", '<a href="https://example.org"><strong>甲：</strong>乙</a>'),
        ("**甲“*乙*”丙**。", "<strong>甲“<em>乙</em>”丙</strong>。"),
        ("**甲**，**乙**、**丙**", "<strong>甲</strong>，<strong>乙</strong>、<strong>丙</strong>"),
    ],
)
def test_what_ends_in_a_full_width_sign_is_bold(text: str, html: str) -> None:
    assert inline(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "姓名*、电话*、邮箱*",
        "user_name 和 user_id",
        "标签页_id和用户_id",
        "3 * 4 是 12 * 1",
        "甲 ** 乙 ** 丙",
        r"\*\*甲：\*\*乙",
    ],
)
def test_marks_that_mean_nothing_stay(text: str) -> None:
    assert inline(text) == text.replace("\\", "")


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("##总则", "<h2>总则</h2>"),
        ("##1、总则##", "<h2>1、总则</h2>"),
        ("###《说明》 ###", "<h3>《说明》</h3>"),
        ("#개인정보", "<h1>개인정보</h1>"),
        ("#プライバシー", "<h1>プライバシー</h1>"),
    ],
)
def test_a_heading_needs_no_space_in_these_scripts(line: str, html: str) -> None:
    assert FRIENDLY.render(f"{line}\n正文").startswith(html)


@pytest.mark.parametrize("line", ["#hashtag", "##Scope", "#1 in the world", "####### 七", "    ##总则", "\\##总则"])
def test_what_is_no_heading_stays_none(line: str) -> None:
    assert "<h" not in FRIENDLY.render(line)


def test_a_line_that_ends_within_chinese_is_no_space() -> None:
    assert inline("第一行\n**第二行**\n第三行") == "第一行<strong>第二行</strong>第三行"
    assert inline("한국어\n문장") == "한국어\n문장"
    assert inline("中文\nEnglish\n中文") == "中文\nEnglish\n中文"


def test_numbered_lines_of_chinese_are_paragraphs() -> None:
    text = read_policy("# 政策\n\n我们收集：\n1、姓名；\n2、电话。".encode(), "p.md")
    assert text.html.count("<p>") == 3


def test_a_number_in_bold_before_full_width_text_opens_a_heading() -> None:
    text = read_policy("# 政策\n\n**一、**总则\n\n正文\n\n**二、权利（重要）**\n\n正文".encode(), "p.md")
    assert [(clause.number, clause.heading) for clause in text.clauses] == [
        ("1", "一、总则"),
        ("2", "二、权利（重要）"),
    ]


@given(st.text(alphabet="ab1 *_~`#[]()<>!.,:;-\"'\n\\éßЖ“”’–€😀️", max_size=60))
def test_text_in_other_scripts_is_read_as_before(text: str) -> None:
    assert FRIENDLY.render(text) == PLAIN.render(text)


@given(st.text(alphabet="甲乙の한a1 *_~，。（）“”《》\n\ufe00\U000e0100", max_size=60))
def test_no_character_but_marks_is_lost(text: str) -> None:
    def kept(rendered: str) -> str:
        for tag in ("strong", "em", "s", "p", "h1", "ul", "li", "pre", "code", "hr /", "ol", "blockquote", "hr"):
            rendered = rendered.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
        return "".join(c for c in rendered if c not in "*_~-" and not c.isspace())

    assert kept(FRIENDLY.render(text)) == kept(PLAIN.render(text))


@pytest.mark.shared
def test_every_given_document_without_these_scripts_is_read_as_before() -> None:
    documents = [file.read_text(encoding="utf-8-sig") for file in sorted(GIVEN.glob("*-en/*.md"))]
    western = [text for text in documents if not any(map(is_cjk, text))]
    assert len(western) > 20
    assert all(FRIENDLY.render(text) == PLAIN.render(text) for text in western)


@pytest.mark.shared
def test_no_given_document_in_chinese_shows_marks_around_words() -> None:
    for file in sorted(GIVEN.glob("*-zh*/*.md")):
        text = "\n".join(clause.text for clause in read_given(file).clauses)
        # One document opens a mark and never closes it; names such as session_id are not marks.
        assert not re.search(r"\*\*|\*[^*\n]+\*|(?<![A-Za-z])_|_(?![A-Za-z])", text), file


def test_items_of_a_list_need_no_space() -> None:
    text = read_policy(
        "# 政策\n\n我们收集：\n-姓名；\n-电话。\n\n*响应合法请求\n*防止滥用\n\n*强调*一下".encode(), "p.md"
    )
    assert text.html.count("<li>") == 4
    assert "<em>强调</em>一下" in text.html


@pytest.mark.parametrize("piece", ["甲*，", "甲\n", "**甲，**", "**。", "甲\n**", "）**"])
def test_the_work_grows_with_the_length_of_the_text(piece: str) -> None:
    def calls(times: int) -> int:
        counted = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            FRIENDLY.render(piece * times)
        finally:
            sys.setprofile(None)
        return counted

    assert calls(4_000) < 6 * calls(1_000)
