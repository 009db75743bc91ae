"""Operators' real documents are imported completely."""

import hashlib
import json

import pytest

from privacy.jurisdictions.jurisdictions import UnknownJurisdiction
from privacy.policies.documents import LARGEST, UnreadableDocument
from privacy.policies.importing import read_policy
from privacy.policies.languages import LanguageNotSupported, UnknownLanguage, normalise_language
from privacy.policies.markup import parse, text_of
from privacy.policies.models import PolicyVersion
from privacy.policies.services import InvalidLabel, LabelAlreadyPublished, import_policy, publish_policy
from privacy.policies.variants import UnknownVariant, VariantNeeded
from tests.environment import SHARED

pytestmark = pytest.mark.embedded

GIVEN = SHARED / "corpus" / "policies" / "given"
DOCUMENTS = json.loads((GIVEN / "manifest.json").read_text()) if GIVEN.exists() else []
SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
TWO_VARIANTS = b"# Policy\n<div v-if='inChina()'><p>For China</p></div>\n<div v-else><p>For the rest</p></div>"


def import_text(text: str | bytes, label: str = "1", **more: object) -> PolicyVersion:
    content = text.encode() if isinstance(text, str) else text
    options = {"file_name": "policy.md", "jurisdiction": "cn", "language": "en"} | more
    return import_policy(content=content, label=label, **options)


@pytest.mark.shared
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["file"])
def test_every_given_document_imports_and_keeps_its_bytes(document: dict) -> None:
    path = GIVEN.parent / document["file"]
    version = import_policy(
        content=path.read_bytes(),
        file_name=path.name,
        jurisdiction="intl",
        label=document["date"],
        language=document["lang"],
    )
    assert version.original_sha256 == document["sha256"] == hashlib.sha256(bytes(version.original)).hexdigest()
    assert version.clauses.count() >= 2
    assert version.digest == hashlib.sha256(version.html.encode()).hexdigest()
    assert len(text_of(parse(version.html))) > 600
    assert version.title


@pytest.mark.shared
@pytest.mark.parametrize(("variant", "server"), [(1, "China"), (2, "Germany")])
def test_the_seed_gives_each_variant_by_its_number(variant: int, server: str) -> None:
    text = read_policy(SEED.read_bytes(), SEED.name, variant)
    clauses = {clause.number: clause.text for clause in text.clauses}
    assert server in clauses["4"]
    assert {"D1.1", "D1.2", "D1.3", "D1.4", "1.1", "1.1.1", "1.7.11", "2.2.8", "3.4.1", "6.3.5", "9.2"} <= set(clauses)
    assert len(clauses) - ("" in clauses) == len([clause for clause in text.clauses if clause.number])


@pytest.mark.shared
def test_the_seed_without_a_variant_lists_both() -> None:
    with pytest.raises(VariantNeeded, match=r"(?s)1: .*July 14.*2: .*July 19"):
        read_policy(SEED.read_bytes(), SEED.name)


def test_a_variant_is_chosen_by_its_number() -> None:
    assert "For China" in read_policy(TWO_VARIANTS, "p.txt", 1).html
    assert "For the rest" in read_policy(TWO_VARIANTS, "p.txt", 2).html


@pytest.mark.parametrize("variant", [0, 3])
def test_a_variant_that_is_not_there_is_refused(variant: int) -> None:
    with pytest.raises(UnknownVariant, match="2: For the rest"):
        read_policy(TWO_VARIANTS, "p.txt", variant)


def test_a_document_of_one_text_has_only_variant_one() -> None:
    assert read_policy(b"# P\n\nText", "p.md", 1).html
    with pytest.raises(UnknownVariant):
        read_policy(b"# P\n\nText", "p.md", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_and_line_ends_do_not_show(encoding: str) -> None:
    plain = read_policy("# 隐私政策\n\n第一段\n第二行".encode(), "p.md")
    other = read_policy("# 隐私政策\r\n\r\n第一段\r\n第二行".encode(encoding), "p.md")
    assert (other.html, other.title) == (plain.html, "隐私政策")


@pytest.mark.parametrize("content", [b"\xff\xfe\xfd", b"%PDF-1.7\x00", b"", b"   \n", b"x" * (LARGEST + 1)])
def test_what_is_no_text_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read_policy(content, "p.md")


def test_a_page_gives_only_its_real_text() -> None:
    page = b"<html><head><title>Privacy</title></head><body><nav>Menu</nav><p>Real text</p><footer>Foot</footer></body>"
    text = read_policy(page, "page.html")
    assert text.title == "Privacy"
    assert text_of(parse(text.html)) == "Real text"
    main = read_policy(b"<body><p>Aside</p><main><h1>Rules</h1><p>Real</p></main></body>", "page.html")
    assert (main.title, text_of(parse(main.html))) == ("Rules", "Real")


def test_front_matter_gives_the_title_and_does_not_show() -> None:
    text = read_policy(b"---\ntitle: Our policy\nlayout: x\n---\n\nText.", "p.md")
    assert (text.title, text_of(parse(text.html))) == ("Our policy", "Text.")


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("2018-06-04.md", "We care.\n\n### One\n\nx\n\n### Two\n\ny", "Privacy policy"),
        ("index.md", "**Acme Privacy Notice**\n\nText.", "Acme Privacy Notice"),
        ("index.md", "某某平台隐私政策\n\n我们重视您的隐私。", "某某平台隐私政策"),
        ("index.md", "我们重视您的隐私。\n\n## 一、总则\n\n正文", "隐私政策"),
        ("index.md", "お客様の情報を大切にします。", "プライバシーポリシー"),
        ("index.md", "개인정보를 소중히 합니다.", "개인정보 처리방침"),
        ("index.md", "Мы бережно относимся к данным.", "Политика конфиденциальности"),
        ("privacy_policy.md", "We care.", "Privacy policy"),
        ("隐私政策.md", "We care.", "隐私政策"),
    ],
)
def test_a_document_without_a_title_is_given_one(name: str, text: str, title: str) -> None:
    read = read_policy(text.encode(), name)
    assert read.title == title
    assert title not in [clause.text for clause in read.clauses]


@pytest.mark.parametrize("code", ["zh", "zh-CN", "zh-Hans", "zh_hans", "ZH-hans-CN"])
def test_simplified_chinese_has_one_code(code: str) -> None:
    assert normalise_language(code) == "zh-hans"
    assert import_text("# P\n\nText", language=code).language == "zh-hans"


@pytest.mark.parametrize("code", ["en-US", "en_GB", "eng", "EN", "en-Latn-AU"])
def test_english_has_one_code(code: str) -> None:
    assert import_text("# P\n\nText", language=code).language == "en"


@pytest.mark.parametrize("code", ["he", "de", "zh-TW", "sr-Latn", "enm", "fra"])
def test_a_language_that_the_pages_do_not_have_is_refused_without_any_language(code: str) -> None:
    with pytest.raises(LanguageNotSupported, match="en, zh-hans"):
        import_text("# P\n\nText", language=code)
    assert import_text("# P\n\nText", language=code, any_language=True).language == normalise_language(code)


def test_bad_descriptions_are_refused() -> None:
    with pytest.raises(UnknownLanguage):
        import_text("# P\n\nText", language="English!")
    with pytest.raises(UnknownJurisdiction):
        import_text("# P\n\nText", jurisdiction="mars")
    for label in ("", "a/b", "changes", "x" * 33, "../x"):
        with pytest.raises(InvalidLabel):
            import_text("# P\n\nText", label=label)


def test_importing_over_a_draft_replaces_it() -> None:
    first = import_text("# P\n\nOld words", "7")
    again = import_text("# P\n\nNew words", "7")
    assert first.pk == again.pk
    assert [clause.text for clause in again.clauses.all()] == ["New words"]


def test_importing_what_is_published_changes_nothing() -> None:
    published = publish_policy(version=import_text("# P\n\nText"))
    assert import_text("# P\n\nText") == published
    with pytest.raises(LabelAlreadyPublished):
        import_text("# P\n\nOther text")


def test_the_digest_does_not_depend_on_the_active_language() -> None:
    from django.utils import translation

    content = "# P\n\n1.1.1 Your **phone number** and **country or region**, 您的**电话号码**.".encode()
    digests = set()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            text = read_policy(content, "p.md")
            digests.add(text.digest)
            assert text.digest == hashlib.sha256(text.html.encode()).hexdigest()
    assert len(digests) == 1
