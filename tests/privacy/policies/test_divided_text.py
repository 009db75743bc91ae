"""The policy page folds sections, and the text in them is the shown text, byte for byte."""

import hashlib
import re
from collections.abc import Sequence
from html import unescape

import pytest
from django.test import Client

from accounts.users.models import User
from privacy.policies.models import PolicyVersion
from privacy.policies.sections import divided
from tests.factories import agree, make_person, make_policy, make_sample_policy
from tests.privacy.policies.test_policy_pages import page, publish

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]

WRAPPER = re.compile(r'<details class="fold">\n<summary>[^<]*</summary>\n|\n</details>')
WALL = "# P\n\n" + "We look after your data. " * 200
ARABIC = "\n\n## من نحن\n\nنحن شركة.\n\n## ما نجمعه\n\nالاسم.\n\n## حقوقك\n\nلك حقوق."
NESTED = "# P\n\nBefore.\n\n## Only one\n\nText.\n\n### A\n\na\n\n### B\n\nb\n\n### C\n\nc"
NAMES_OF_PAGE = "# P\n\n## What we collect\n\na\n\n## All versions\n\nb\n\n## Policy summary\n\nc\n\n## Contents\n\nd"


@pytest.fixture
def person() -> User:
    """A person who agreed to the only version."""
    return make_person()


@pytest.fixture
def signed_in(person: User) -> Client:
    """That person's browser."""
    client = Client()
    client.force_login(person)
    return client


def names(version: PolicyVersion) -> Sequence[str]:
    return [section.name for section in divided(version).sections]


def shown_text(html: str) -> str:
    """Return what the page shows as the text, without the page's own folds."""
    rest = html.partition('<div class="policy-text" dir="auto">')[2]
    found = re.match(r'\n(.*?)\n?</div>\s*</div>\s*<details class="fold">\s*<summary>What we collect', rest, re.DOTALL)
    assert found
    return WRAPPER.sub("", found[1]).strip()


@pytest.mark.parametrize("text", [WALL, ARABIC, NESTED, NAMES_OF_PAGE], ids=["wall", "arabic", "nested", "names"])
def test_what_the_page_shows_has_the_digest_that_people_agree_to(client: Client, text: str):
    version = make_policy("cn", "1", text=text)
    shown = shown_text(page(client, "policy_version", "cn", "1"))
    assert hashlib.sha256(shown.encode()).hexdigest() == version.digest


def test_a_text_in_arabic_is_divided_and_each_heading_has_its_own_direction(client: Client):
    version = make_policy("cn", "1", language="ar", text=ARABIC)
    assert names(version) == ["من نحن", "ما نجمعه", "حقوقك"]
    html = page(client, "policy_version", "cn", "1")
    assert '<li lang="ar" dir="auto"><a href="#من-نحن">من نحن</a></li>' in html
    assert "This version is shown in Arabic." in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_so_has_the_sample(client: Client, language: str):
    version = make_sample_policy("cn", language, "1")
    shown = shown_text(page(client, "policy_version", "cn", "1", language=language))
    assert hashlib.sha256(shown.encode()).hexdigest() == version.digest


def test_a_text_is_divided_where_it_has_enough_headings():
    assert names(publish("1", NESTED)) == ["Only one", "A", "B", "C"]
    assert names(publish("2", "# P\n\n## One\n\na\n\n### A\n\nb\n\n## Two\n\nc")) == ["One", "Two"]


def test_a_text_without_headings_is_not_divided():
    version = publish("1", WALL)
    assert names(version) == []
    assert divided(version).preamble == version.html


def test_a_text_whose_clauses_are_not_the_shown_text_is_shown_as_it_is():
    version = publish("1", NESTED)
    version.html += "\n"
    assert divided(version).preamble == version.html


def test_headings_named_as_parts_of_the_page_take_no_id_of_it(client: Client):
    publish("1", NAMES_OF_PAGE)
    identifiers = re.findall(r'\sid="([^"]+)"', page(client, "policy_version", "cn", "1"))
    assert sorted(identifiers) == sorted(set(identifiers))
    assert {"what-we-collect", "all-versions", "policy-summary"} <= set(identifiers)


def test_contents_lead_to_each_section(client: Client):
    publish("1", NESTED)
    html = page(client, "policy_version", "cn", "1")
    contents = html.partition('<nav class="side contents"')[2].partition("</nav>")[0]
    for anchor in re.findall(r'href="#([^"]+)"', contents):
        assert f'id="{anchor}"' in html


def test_a_text_in_the_reader_s_language_is_offered_and_none_is_said_to_be_missing(client: Client):
    publish("1"), publish("1", "# 我们的政策\n\n正文", "zh-hans")
    html = page(client, "policy_version", "cn", "1", language="zh-hans")
    assert "Read it in English" in html
    assert "It was not published in the language of this page." not in html


def test_a_person_who_agreed_to_an_older_version_sees_first_what_changed(
    client: Client, signed_in: Client, person: User
):
    html = page(signed_in, "policy_in_force", "intl")
    assert "You agreed to this version." in html
    newer = make_policy("intl", text="We added this.", material=False)
    html = page(signed_in, "policy_version", "intl", newer.label)
    assert html.index("What changed since you agreed") < html.index('id="portal_summary"')
    assert "Clauses: 0 added, 0 removed, 1 changed" in html
    assert "Read and answer" not in html
    first = re.search(r'href="([^"]+)#change-1"', html)
    assert first
    assert 'id="change-1"' in signed_in.get(unescape(first[1])).content.decode()
    agree(person.subject, newer)
    assert "What changed since you agreed" not in page(signed_in, "policy_version", "intl", newer.label)
    assert "What changed since you agreed" not in page(client, "policy_version", "intl", newer.label)


def test_a_person_who_has_to_answer_is_led_to_the_answer(signed_in: Client):
    make_policy("intl", text="We added this.", material=True)
    assert "Read and answer" in page(signed_in, "policy_in_force", "intl")


def test_a_person_is_led_to_the_answer_where_no_word_changed(signed_in: Client):
    make_policy("intl", material=True)
    html = page(signed_in, "policy_in_force", "intl")
    assert "See every change" not in html
    assert "Read and answer" in html.partition('id="portal_since"')[2].partition("</section>")[0]


def test_an_older_version_than_the_accepted_one_says_nothing_of_changes(signed_in: Client, person: User):
    older = PolicyVersion.objects.get()
    agree(person.subject, make_policy("intl", text="New."))
    assert "What changed since you agreed" not in page(signed_in, "policy_version", "intl", older.label)


def test_the_policy_of_another_jurisdiction_says_nothing_of_an_agreement(signed_in: Client):
    publish("1")
    html = page(signed_in, "policy_version", "cn", "1")
    assert "You agreed" not in html
