"""Each refusal of a policy is in the reader's language."""

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from privacy.policies import reading_apart
from privacy.policies.citations import DraftChanged, UnknownClause, UnknownTopic, confirm_citations
from privacy.policies.documents import LARGEST, UnreadableDocument
from privacy.policies.languages import LanguageNotSupported, UnknownLanguage
from privacy.policies.markup import TooComplex
from privacy.policies.models import PolicyVersion, PublishedVersionFinal
from privacy.policies.refusals import PolicyRefused
from privacy.policies.sensitive import DeclaredTerms
from privacy.policies.services import (
    CitationsUnconfirmed,
    InvalidLabel,
    LabelAlreadyPublished,
    MaterialityUndecided,
    MomentTaken,
    NothingProposed,
    SamePerson,
    confirm_publication,
    import_policy,
    propose_publication,
    publish_policy,
)
from privacy.policies.variants import UnknownVariant, VariantNeeded
from tests.factories import make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded

TWO_VARIANTS = "# P\n<div v-if='a'><p>One</p></div>\n<div v-else><p>Two</p></div>"


def draft(text: str | bytes = "# P\n\nText", label: str = "1", language: str = "en", **more: Any) -> PolicyVersion:
    content = text if isinstance(text, bytes) else text.encode()
    options = {"file_name": "p.md", "jurisdiction": "cn", "label": label, "language": language} | more
    return import_policy(content=content, **options)


def of_the_same_moment() -> None:
    at = timezone.now() + timedelta(days=1)
    publish_policy(version=draft(), effective_at=at)
    publish_policy(version=draft(label="2"), material=True, effective_at=at)


def by_one_person() -> None:
    version, staff = draft(), uuid4()
    confirm_citations(version=version, cited={}, by=staff)
    proposal = propose_publication(version=version, by=staff, material=True, effective_at=None)
    confirm_publication(version=version, by=staff, proposed_at=proposal.proposed_at)


def too_slow() -> None:
    with patch.object(reading_apart.subprocess, "run", side_effect=subprocess.TimeoutExpired("read", 1)):
        reading_apart.read_apart(b"Text", "p.md", None, DeclaredTerms(frozenset(), frozenset()))


def published() -> PolicyVersion:
    return publish_policy(version=draft())


def a_second_one() -> PolicyVersion:
    published()
    return draft(label="2")


def with_another_text() -> None:
    published()
    draft("# P\n\nOther")


def confirming(version: PolicyVersion) -> None:
    confirm_publication(version=version, by=uuid4(), proposed_at=timezone.now())


def proposing(version: PolicyVersion) -> None:
    propose_publication(version=version, by=uuid4(), material=True, effective_at=None)


REFUSED: list[tuple[type[PolicyRefused], Callable[[], object]]] = [
    (UnknownClause, lambda: confirm_citations(version=draft(), cited={"purpose:security": "99"}, by=None)),
    (UnknownTopic, lambda: confirm_citations(version=draft(), cited={"nothing": "1"}, by=None)),
    (DraftChanged, lambda: confirm_citations(version=draft(), cited={}, by=None, shown="another text")),
    (UnreadableDocument, lambda: draft("   ")),
    (UnreadableDocument, lambda: draft("x" * (LARGEST + 1))),
    (UnreadableDocument, lambda: draft(b"\xff\x00\xe9")),
    (UnreadableDocument, lambda: draft("a\0b")),
    (UnknownLanguage, lambda: draft(language="!")),
    (LanguageNotSupported, lambda: draft(language="fr")),
    (TooComplex, lambda: draft("<div>" * 2000)),
    (TooComplex, lambda: draft("\n\n".join(f"{n}. Clause" for n in range(1, 600)))),
    (TooComplex, too_slow),
    (PublishedVersionFinal, lambda: published().refuse_if_published()),
    (PublishedVersionFinal, lambda: publish_policy(version=published())),
    (InvalidLabel, lambda: draft(label="a b")),
    (LabelAlreadyPublished, with_another_text),
    (MaterialityUndecided, lambda: publish_policy(version=a_second_one())),
    (MomentTaken, of_the_same_moment),
    (NothingProposed, lambda: confirming(draft())),
    (CitationsUnconfirmed, lambda: proposing(draft())),
    (SamePerson, by_one_person),
    (VariantNeeded, lambda: draft(TWO_VARIANTS)),
    (UnknownVariant, lambda: draft(TWO_VARIANTS, variant=3)),
    (UnknownVariant, lambda: draft(variant=2)),
]


def kinds(of: type[PolicyRefused]) -> Iterator[type[PolicyRefused]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def words_of(refusal: PolicyRefused) -> set[str]:
    """The English words of a message, without its values."""
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(r"%\(\w+\)s", "", refusal.message)))


def test_every_kind_of_refusal_is_tried() -> None:
    assert {kind for kind, _refused in REFUSED} == set(kinds(PolicyRefused))


@pytest.mark.parametrize(("kind", "refused"), REFUSED)
def test_a_refusal_is_in_english_and_in_chinese(kind: type[PolicyRefused], refused: Callable[[], object]) -> None:
    with pytest.raises(kind) as caught:
        refused()
    with translation.override("en"):
        english = str(caught.value)
    with translation.override("zh-hans"):
        chinese = str(caught.value)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert "%(" not in english + chinese
    names = {"UTF", "HTML", "Markdown", "en", "de", "zh", "hans", "kB"}
    assert words_of(caught.value) & set(re.findall(r"[A-Za-z]{2,}", chinese)) <= names


def test_the_process_that_reads_apart_hands_the_message_on_untranslated() -> None:
    with pytest.raises(VariantNeeded) as caught:
        reading_apart.read_apart(TWO_VARIANTS.encode(), "p.md", None, DeclaredTerms(frozenset(), frozenset()))
    with translation.override("zh-hans"):
        assert "2个变体" in str(caught.value)


def test_the_admin_says_it_on_a_chinese_page() -> None:
    make_policy("cn", "1")
    browser = client_of(make_staff("Policy operator"))
    document = SimpleUploadedFile("p.md", b"# P\n\nAnother text")
    data = {"document": document, "jurisdiction": "cn", "language": "en", "label": "1"}
    page = browser.post("/admin/privacy/policyversion/add/", data, headers={"Accept-Language": "zh-hans"})
    assert "已以不同的文本发布" in page.content.decode()
