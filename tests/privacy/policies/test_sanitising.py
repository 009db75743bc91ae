"""No active content survives an import."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.policies.importing import read_policy
from tests.environment import SHARED
from tests.privacy.policies.given import read_given

pytestmark = pytest.mark.embedded

GIVEN = SHARED / "corpus" / "policies" / "given"
DOCUMENTS = json.loads((GIVEN / "manifest.json").read_text()) if GIVEN.exists() else []
BLNS = SHARED / "corpus" / "blns" / "given" / "blns.json"
ALLOWED = {
    *(
        "section",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "hr",
        "br",
    ),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "strong", "b", "em", "i", "u", "s", "del"),
    *("ins", "q", "cite", "code", "abbr", "small", "sub", "sup", "address"),
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa\tScript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<iframe src='https://example.org'></iframe>",
    "<form action='https://example.org'><input name=q></form>",
    "<p style='background:url(https://example.org)'>x</p>",
    "<style>p{display:none}</style>",
    "<svg onload=alert(1)><script>1</script></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<object data='x'></object><embed src='x'><base href='https://example.org'>",
    "<meta http-equiv=refresh content='0;url=https://example.org'><link rel=stylesheet href=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<div v-html='x' onclick='y' :href='z' @click='a'>x</div>",
    "<template><script>1</script></template>",
    "[x](javascript:alert(1)) ![y](https://example.org/pixel.gif)",
    "<details open ontoggle=alert(1)>x</details>",
]


class Active(HTMLParser):
    """Collects everything in markup that a policy does not need."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in ALLOWED:
            self.found.append(tag)
        for name, value in attrs:
            is_known = name in {"href", "rel", "id", "class", "colspan", "rowspan", "scope", "start", "type"}
            is_safe = name != "href" or value.startswith(("http://", "https://", "mailto:", "#"))
            if not is_known or not is_safe:
                self.found.append(f"{tag} {name}={value}")
        if tag == "a" and "href" in dict(attrs) and dict(attrs).get("rel") != "noopener noreferrer nofollow":
            self.found.append("a link without rel")


def active_in(html: str) -> list[str]:
    parser = Active()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.mark.shared
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["file"])
def test_no_given_document_stays_active(document: dict) -> None:
    path = GIVEN.parent / document["file"]
    assert active_in(read_given(path).html) == []


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("file_name", ["p.md", "p.html"])
def test_nothing_hostile_survives(hostile: str, file_name: str) -> None:
    html = read_policy(f"<h1>Policy</h1>\n\n<p>Text</p>\n\n{hostile}\n".encode(), file_name).html
    assert active_in(html) == []
    assert "alert" not in html.replace("[x](javascript:alert(1))", "")


@pytest.mark.shared
def test_naughty_strings_stay_harmless() -> None:
    for naughty in json.loads(BLNS.read_text()):
        if "\0" in naughty:
            continue
        for frame in ("# P\n\nText {}", "<p>Text {}</p>"):
            content = frame.format(naughty).encode("utf-8", "ignore")
            assert active_in(read_policy(content, "p.txt").html) == [], naughty


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_gives_harmless_markup(text: str) -> None:
    assert active_in(read_policy(f"# P\n\nText\n\n{text}".encode(), "p.md").html) == []


def test_links_keep_their_targets_and_links_inside_find_their_clause() -> None:
    text = (
        "# P\n\n[away](https://example.org/a?b=1) [mail](mailto:a@example.org) [in](#your-rights) [rel](x.md) [no](#no)"
    )
    html = read_policy(f"{text}\n\n## Your rights\n\nText".encode(), "p.md").html
    assert 'href="https://example.org/a?b=1"' in html
    assert 'href="mailto:a@example.org"' in html
    assert 'href="#your-rights"' in html
    assert html.count("<a ") == 3


def test_headings_nest_below_the_page_s_own() -> None:
    html = read_policy(b"# Title\n\n# One\n\n### Two\n\nText", "p.md").html
    assert "<h1" not in html
    assert "<h2>One</h2>" in html
    assert "<h3>Two</h3>" in html
