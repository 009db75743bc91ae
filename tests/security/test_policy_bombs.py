"""A document that was made to take long, or to nest without end, is refused in time, and leaves nothing behind."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from privacy.policies import reading_apart
from privacy.policies.differences import differences
from privacy.policies.documents import LARGEST
from privacy.policies.importing import read_policy
from privacy.policies.models import PolicyVersion
from privacy.policies.proposing import field_patterns
from privacy.policies.reading import MOST_CLAUSES
from privacy.policies.reading_apart import read_apart
from privacy.policies.refusals import PolicyRefused
from privacy.policies.sensitive import DeclaredTerms
from privacy.policies.services import import_policy
from privacy.policies.wording import Work
from tests.environment import IS_THOROUGH, examples
from tests.factories import make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded

# To compare two texts, on a slow machine; the searches alone would take the cube of their length.
HTML_BOMBS = {
    "titles": "<p>x</p>" + 8000 * "<title>",
    "unclosed titles": "<p>x</p>" + 8000 * "<title ",
    "nested lists": 900 * "<ul><li>" + "x",
    "nested blocks": 100_000 * "<div>" + "x",
    "nested emphasis": "".join(f"<b id=a{number}>" for number in range(3000)) + 3000 * "<p>x",
    "many elements": 100_000 * "<p>x</p>",
    "many clauses": 2000 * "<h2>x</h2><p>y</p>",
    "bold words": "<p>" + 15_000 * "<b>phone number</b> x " + "</p>",
    "comments": 100_000 * "<!--",
    "attributes": "<p " + 200_000 * "id=a ",
    "nested ordered lists": 90 * "<ol><li>x" + "y",
    "ordered lists": 5000 * "<ol><li>x</li></ol>",
    "numbers alone": 10_000 * "<p>1.</p>",
    "numbered paragraphs": "<h2>1. x</h2>" + "".join(f"<p>{number % 99}. x;</p>" for number in range(9000)),
    "images": 100_000 * "<img alt='x y'>",
    "templates": 100_000 * "<template>",
    "references": 200_000 * "&#x" + "x",
}
MARKDOWN_BOMBS = {
    "kramdown": 3000 * "{:#a#a",
    "material": 100_000 * "){a=",
    "headings": "#" + 200_000 * " #" + "x\n<p>",
    "front matter": "---\ntitle: " + 200_000 * " x" + "\n---\nx",
    "brackets": 60_000 * "[",
    "links": 60_000 * "[a](",
    "emphasis": 60_000 * "*a _b ",
    "quotes": 60_000 * ">" + "x",
    "lists": "\n".join(" " * number + "- x" for number in range(600)),
    "backticks": " ".join("`" * number for number in range(600)),
    "emphasis of Chinese": 60_000 * "甲*，",
    "lines of Chinese": 60_000 * "甲\n",
    "numbered lines of Chinese": 60_000 * "1、甲\n",
    "listed lines of Chinese": 60_000 * "-甲\n",
    "headings of Chinese": 60_000 * "##甲 #\n",
    "spaces at ends of lines": "甲" + 200_000 * " " + "\n" + 100_000 * " 甲",
    "dates": 20_000 * "Updated 1 May 2020 until\n",
    "tables": 20_000 * "|" + "\n" + 20_000 * "-|" + "\n" + 1000 * "|x\n",
}
# One of each kind; the others where tests are thorough.
SHORT_BOMBS = {
    *("unclosed titles", "nested lists", "nested blocks", "many elements", "bold words", "references"),
    *("kramdown", "brackets", "lists", "lines of Chinese", "spaces at ends of lines", "tables"),
}
BOMBS = [
    pytest.param(file_name, text, id=name)
    for file_name, bombs in (("p.html", HTML_BOMBS), ("p.md", MARKDOWN_BOMBS))
    for name, text in bombs.items()
    if IS_THOROUGH or name in SHORT_BOMBS
]


@pytest.fixture
def _half_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other process end after one second, not two: half of the bombs take all of it."""
    if not IS_THOROUGH:
        monkeypatch.setattr(reading_apart, "CPU_SECONDS", 1)


@pytest.mark.usefixtures("_half_the_time")
@pytest.mark.parametrize(("file_name", "text"), BOMBS)
def test_a_bomb_is_read_or_refused_within_the_limit_of_its_process(file_name: str, text: str) -> None:
    assert outcome_of(text.encode()[:LARGEST], file_name) in ("read", "refused in words")


def outcome_of(content: bytes, file_name: str) -> str:
    try:
        read = read_policy(content, file_name)
    except PolicyRefused as refusal:
        return "refused in words" if re.search(r"[Ii]mport|no readable text", str(refusal)) else str(refusal)
    return "read" if 0 < len(read.clauses) <= MOST_CLAUSES else f"{len(read.clauses)} clauses"


def test_what_is_read_apart_is_what_is_read_here() -> None:
    declared = DeclaredTerms({"phone number"}, field_patterns())
    text = "# Policy\n\n## 1. Data\n\n1.1 Your **phone number**, 您的电话.\n\n" + 500 * "Words. "
    apart = read_apart(text.encode(), "p.md", None, declared)
    assert (apart.title, [clause.number for clause in apart.clauses]) == ("Policy", ["1", "1.1"])
    assert '<strong class="sensitive"><u>phone number</u></strong>, 您的电话' in apart.html


def test_a_refusal_of_the_other_process_says_what_the_reader_said() -> None:
    two = '<div v-if="a"><p>one</p></div><div v-else><p>two</p></div>' + 5000 * " "
    with pytest.raises(PolicyRefused, match="2 variants"):
        read_policy(two.encode(), "p.html")


def sections(text: str, count: int = examples(150, 400)) -> str:
    return "# P\n\n" + "\n\n".join(f"## H{number}\n\n{text.replace('N', str(number))}" for number in range(count))


PAIRS = {
    "the same word": (sections("a " * 1500 + "xN"), sections("a " * 1500 + "yN")),
    "words by turns": ("# P\n\n" + "a b " * 200_000, "# P\n\n" + "a b c " * 130_000),
    "paragraphs by turns": (
        "# P\n\n" + "\n\n".join(f"w{number * 7 % 50} x" for number in range(6000)),
        "# P\n\n" + "\n\n".join(f"w{number * 11 % 50} y" for number in range(6000)),
    ),
    "clauses all alike": (
        sections(" ".join(f"w{number}" for number in range(500)) + " xN"),
        sections(" ".join(f"w{number}" for number in range(250, 750)) + " yN"),
    ),
    "items all alike": (sections("- a\n" * 20 + "- bN"), sections("- a\n" * 20 + "- cN")),
}
SHORT_PAIRS = {"paragraphs by turns", "items all alike"}


@pytest.mark.django_db
@pytest.mark.parametrize("pair", [pair for pair in PAIRS if IS_THOROUGH or pair in SHORT_PAIRS])
def test_comparing_two_texts_made_for_it_takes_no_more_steps_than_it_may(pair: str, monkeypatch) -> None:
    monkeypatch.setattr(reading_apart, "CPU_SECONDS", 60)  # reading them is not what this asks
    before, after = (
        import_policy(content=text.encode(), file_name="p.md", jurisdiction="intl", label=label, language="en")
        for label, text in zip(("1", "2"), PAIRS[pair], strict=True)
    )
    taken: list[tuple[Work, int]] = []
    spend = Work.spend

    def note(work: Work, steps: int) -> None:
        spend(work, steps)  # what asks for more than is left is not done
        taken.append((work, steps))

    monkeypatch.setattr(Work, "spend", note)
    found = differences(before, after)
    shown = [change.html for change in found.changes] + [str(change.spans) for change in found.changes]
    assert any("ins" in html for html in shown)
    assert len({id(work) for work, _steps in taken}) == 1  # one budget for the whole page
    assert 0 < sum(steps for _work, steps in taken) <= Work().left


@pytest.mark.django_db
def test_a_refused_document_leaves_no_draft_and_says_why_on_the_page() -> None:
    document = SimpleUploadedFile("p.html", HTML_BOMBS["nested lists"].encode(), "text/html")
    given = {"jurisdiction": "intl", "label": "bomb", "language": "en", "document": document}
    answer = client_of(make_staff()).post("/admin/privacy/policyversion/add/", given)
    assert answer.status_code == 200
    assert "nests deeper" in answer.content.decode()
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db
def test_a_service_refuses_what_nests_too_deeply() -> None:
    with pytest.raises(PolicyRefused, match="nests deeper"):
        import_policy(
            content=HTML_BOMBS["nested lists"].encode(),
            file_name="p.html",
            jurisdiction="intl",
            label="x",
            language="en",
        )
