"""Sensitive terms are bold and underlined (D1.2); other bold text is only bold."""

import re

import pytest

from privacy.policies.importing import read_policy
from tests.environment import SHARED

pytestmark = pytest.mark.embedded

SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"


def underlined(text: str) -> list[str]:
    html = read_policy(text.encode(), "p.md").html
    return re.findall(r'<strong class="sensitive"><u>(.*?)</u></strong>', html)


def test_a_declared_sensitive_term_is_underlined_where_it_is_bold() -> None:
    assert underlined("# P\n\nWe ask for **Phone number** and **very nicely**, not phone number.") == ["Phone number"]


def test_the_document_s_own_list_counts_everywhere() -> None:
    listed = "1.1.1 We ask for your name, phone number, country and **shoe size, hat size**."
    text = f"# P\n\n{listed}\n\n1.2 Your **hat size** is **ours**."
    assert underlined(text) == ["shoe size, hat size", "hat size"]


def test_headings_and_wholly_bold_paragraphs_are_not_underlined() -> None:
    assert underlined("# P\n\n## **Phone number**\n\n**Your phone number is asked.**") == []


@pytest.mark.shared
def test_the_seed_s_list_is_underlined() -> None:
    html = read_policy(SEED.read_bytes(), SEED.name, 1).html
    assert '<strong class="sensitive"><u>login password, phone number,</u></strong>' in html
    assert '<strong class="sensitive"><u>time zone</u></strong>' in html
