"""The public pages of the policy."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse

from privacy.policies.models import PolicyVersion
from privacy.policies.services import import_policy, publish_policy
from privacy.subjects.markers import is_open_at_the_gate
from tests.factories import make_person

pytestmark = pytest.mark.embedded

TEXT = "# Our policy\n\n## Promises\n\n1.1 We keep promises.\n\n## Your rights\n\nYou can cancel."


def publish(label: str, text: str = TEXT, language: str = "en", jurisdiction: str = "cn") -> PolicyVersion:
    draft = import_policy(
        content=text.encode(), file_name="policy.html.md", jurisdiction=jurisdiction, label=label, language=language
    )
    return publish_policy(version=draft, material=True)


def page(client: Client, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    html = response.content.decode()
    assert len(re.findall(r"<h1\b", html)) == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", html)
    return html


def test_the_index_lists_every_jurisdiction(client: Client) -> None:
    publish("7")
    html = page(client, "policy_index")
    assert reverse("policy_in_force", args=["cn"]) in html
    assert "No policy is published here yet." in html


def test_the_policy_in_force_shows_text_contents_digest_and_versions(client: Client) -> None:
    version = publish("1")
    html = page(client, "policy_in_force", "cn")
    assert all(clause.html in html for clause in version.clauses.all())
    assert version.digest in html
    assert 'href="#your-rights"' in html
    assert f"{reverse('policy_original', args=['cn', '1'])}?language=en" in html


def test_what_we_collect_is_computed_from_the_data_inventory(client: Client) -> None:
    publish("1")
    html = page(client, "policy_in_force", "cn")
    assert '<strong class="sensitive"><u>Phone number</u></strong>' in html
    assert "To address you and to handle your requests." in html


def test_the_reader_s_language_is_shown_and_another_can_be_picked(client: Client) -> None:
    publish("1"), publish("1", "# 我们的政策\n\n正文", "zh-hans")
    assert "Our policy" in page(client, "policy_in_force", "cn")
    assert "我们的政策" in page(client, "policy_in_force", "cn", language="zh-CN")
    client.cookies["language"] = "zh-hans"
    assert "我们的政策" in page(client, "policy_in_force", "cn")


def test_a_page_says_when_the_text_is_in_another_language(client: Client) -> None:
    publish("1", "# 我们的政策\n\n正文", "zh-hans")
    html = page(client, "policy_in_force", "cn")
    assert "This version is shown in Simplified Chinese." in html
    assert '<div lang="zh-hans">' in html


def test_an_older_version_stays_readable_and_says_so(client: Client) -> None:
    publish("1"), publish("2", TEXT + " Always.")
    assert "No longer in force." in page(client, "policy_version", "cn", "1")
    assert "In force since" in page(client, "policy_version", "cn", "2")


def test_changes_since_a_version_are_shown_word_by_word(client: Client) -> None:
    publish("1"), publish("2", TEXT.replace("keep", "do not keep"))
    html = page(client, "policy_changes", "cn", since="1")
    assert re.search(r"<ins><span[^>]*>added: </span>do not</ins> ", html)
    assert "The wording has not changed." in page(client, "policy_changes", "cn", since="2", to="2")


def test_changes_without_a_version_ask_for_one(client: Client) -> None:
    publish("1"), publish("2", TEXT + " Always.")
    assert "Choose the version that you know" in page(client, "policy_changes", "cn")


@pytest.mark.parametrize(
    "address",
    [
        "/policies/mars/",
        "/policies/cn/9/",
        "/policies/cn/9/original",
        "/policies/cn/changes/?since=9",
        "/policies/cn/changes/?since=1&to=9",
        "/policies/intl/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    publish("1")
    assert client.get(address).status_code == 404


def test_a_draft_is_not_shown(client: Client) -> None:
    import_policy(content=TEXT.encode(), file_name="p.md", jurisdiction="cn", label="1", language="en")
    assert client.get("/policies/cn/1/").status_code == 404
    assert client.get("/policies/cn/1/original").status_code == 404


def test_the_original_comes_byte_for_byte_and_runs_nowhere(client: Client) -> None:
    raw = b"<h1>P</h1>\r\n<script>alert(1)</script><p>Text</p>"
    draft = import_policy(content=raw, file_name="p.html", jurisdiction="cn", label="1", language="en")
    publish_policy(version=draft)
    response = client.get("/policies/cn/1/original")
    assert response.content == raw
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")


def test_every_page_stays_open_at_the_gate() -> None:
    for address in (
        "/policies/",
        "/policies/cn/",
        "/policies/cn/1/",
        "/policies/cn/changes/",
        "/policies/cn/1/original",
    ):
        assert is_open_at_the_gate(resolve(address).func, "POST")


def test_the_samples_are_shown_in_both_languages_under_100_kb(client: Client) -> None:
    call_command("publish_sample_policies", stdout=StringIO())
    for jurisdiction in ("cn", "intl"):
        for language in ("en", "zh-hans"):
            html = page(client, "policy_in_force", jurisdiction, language=language)
            assert len(html.encode()) < 100_000
            identifiers = re.findall(r'\sid="([^"]+)"', html)
            assert len(set(identifiers)) == len(identifiers)


def test_the_first_version_has_no_changes_to_choose(client: Client) -> None:
    publish("1")
    html = page(client, "policy_changes", "cn")
    assert "This is the first version." in html
    assert "<select" not in html


def test_the_version_in_force_is_no_choice_of_what_to_compare_with(client: Client) -> None:
    publish("1"), publish("2", TEXT + " Always.")
    html = page(client, "policy_changes", "cn")
    assert "<option>1</option>" in html
    assert "<option>2</option>" not in html


def test_the_index_marks_the_policy_of_the_reader(client: Client) -> None:
    publish("1"), publish("1", jurisdiction="intl")
    assert "Applies to you" not in page(client, "policy_index")
    client.force_login(make_person(jurisdiction="cn"))
    html = page(client, "policy_index")
    assert html.count("Applies to you") == 1
    assert html.index("Mainland China") < html.index("Applies to you") < html.index("Outside mainland China")
