"""`manage.py import_policy` and `manage.py publish_sample_policies`."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection

from privacy.evidence.triggers import drop_triggers
from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.management.commands.import_policy import Command
from privacy.policies.citations import cited_clauses
from privacy.policies.models import Citation, CitationCheck, PolicyVersion
from privacy.policies.queries import version_in_force, version_to_show
from tests.environment import SHARED

pytestmark = pytest.mark.embedded

SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
CLAUSES = {
    *("D1.1", "D1.2", "D1.3", "D1.4", "1", "1.1", "1.1.1", "1.1.2", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"),
    *(f"1.7.{n}" for n in range(1, 12)),
    *("2", "2.1", "2.2", "2.3", "3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.5.2", "4", "4.1", "4.2", "4.3"),
    *(f"2.2.{n}" for n in range(1, 9)),
    *("5", "5.1", "5.3", "6", "6.1", "6.1.1", "6.1.2", "6.2", "6.3", "7", "8", "9", "9.1", "9.2"),
    *(f"6.3.{n}" for n in range(1, 6)),
}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_policy", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "policy.md"
    path.write_text("# Policy\n\nEffective Date: July 14, 2022\n\n1.1 We keep promises.\n\n1.2 You can cancel.\n")
    return path


def options(document: Path, label: str = "1") -> list[str]:
    return [str(document), "--jurisdiction", "cn", "--version", label, "--language", "en"]


def test_a_draft_is_imported_and_described(document: Path) -> None:
    said = run(*options(document))
    version = PolicyVersion.objects.get()
    assert not version.is_published
    assert "clauses: 3" in said
    assert "effective 2022-07-14" in said
    assert version.digest in said


def test_version_is_the_policy_s_on_the_real_command_line() -> None:
    parser = Command().create_parser("manage.py", "import_policy")
    assert isinstance(parser, CommandParser)
    parsed = parser.parse_args(["p.md", "--version", "2022-07", "--jurisdiction", "cn", "--language", "zh"])
    assert parsed.label == "2022-07"


def test_publish_puts_it_in_force_as_material_unless_editorial(document: Path) -> None:
    said = run(*options(document), "--publish")
    assert "/policies/cn/1/?language=en" in said
    document.write_text(document.read_text().replace("keep promises", "do not keep promises"))
    said = run(*options(document, "2"), "--publish", "--editorial")
    assert "1 changed" in said
    assert "changed: 1.1" in said
    assert version_in_force("cn", "en").label == "2"
    assert list(PolicyVersion.objects.order_by("label").values_list("material", flat=True)) == [True, False]


GROUNDS = """# Policy

## 1.7 Without your consent we use data only in these cases

1.7.3 lawful news reporting

## 2.2 How we use your data

2.2.1 to open your account

## 6.3 You can have data erased

6.3.4 if we broke our agreement
"""


def with_clauses(document: Path, *numbers: str) -> None:
    document.write_text("# Policy\n\n" + "\n\n".join(f"{number} We keep promise {number}." for number in numbers))


def test_what_is_removed_and_changed_is_named_before_it_is_published(document: Path) -> None:
    with_clauses(document, "1.1", "3.1", "3.2")
    run(*options(document), "--publish")
    document.write_text(document.read_text().replace("3.2 We keep promise 3.2.", "").replace("promise 3.1", "nothing"))
    said = run(*options(document, "2"), "--publish", "--editorial").splitlines()
    assert said[0] == "cn 2 (en) against cn 1 (en) in force: 0 added, 1 removed, 1 changed, 0 moved, 1 unchanged"
    assert sorted(said[1:3]) == ["    changed: 3.1", "    removed: 3.2"]
    assert any("(published)" in line for line in said[3:])


@pytest.mark.parametrize("answer", ["n", None], ids=["no", "nobody there"])
def test_removing_a_cited_clause_needs_a_confirmation(document: Path, monkeypatch, answer: str | None) -> None:
    def asked(question: str) -> str:
        gone = "purpose:service (now 2.2.1), keep:news (now 1.7.3), erase:breach (now 6.3.4)"
        assert f"version in force: {gone}. See --cite" in question
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", asked)
    document.write_text(GROUNDS)
    run(*options(document), "--publish")
    with_clauses(document, "3.3")
    with pytest.raises(CommandError, match="stays a draft") as refused:
        run(*options(document, "2"), "--publish", "--editorial")
    assert ("--yes" in str(refused.value)) == (answer is None)
    assert version_in_force("cn", "en").label == "1"
    assert "(published)" in run(*options(document, "2"), "--publish", "--editorial", "--yes")
    assert version_in_force("cn", "en").label == "2"


@pytest.mark.parametrize("language", ["zh-hans", "de"])
def test_a_text_in_another_language_needs_the_same_confirmation(document: Path, monkeypatch, language: str) -> None:
    def nobody_answers(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_answers)
    document.write_text(document.read_text() + "\n1.4 These are optional purposes.\n")
    run(*options(document), "--publish")
    document.write_text("# Other\n\n1.2 Only this is left.\n\n1.9 This is new.\n")
    arguments = [*options(document, "2")[:-1], language, "--any-language", "--publish"]
    with pytest.raises(CommandError, match=r"optional:user_experience \(now 1\.4\), optional:product_news"):
        run(*arguments)
    assert PolicyVersion.objects.filter(label="2", published_at=None).count() == 1
    said = run(*arguments, "--yes")
    assert f"cn 2 ({language}) replaces cn 1 (en), which is in another language" in said
    assert "clauses that are new: 1.9\n" in said
    assert "clauses that are gone: 1.1, 1.4\n" in said


def test_a_language_that_the_pages_do_not_have_is_refused_with_what_to_do(document: Path) -> None:
    with pytest.raises(CommandError, match=r"not one of these languages\. To import it anyway, add --any-language"):
        run(*options(document)[:-1], "he", "--publish")
    assert not PolicyVersion.objects.exists()


def test_one_confirmation_is_enough(document: Path, monkeypatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with_clauses(document, "1.7.3", "3.2")
    run(*options(document), "--publish")
    with_clauses(document, "3.2")
    run(*options(document, "2"), "--publish", "--editorial")
    assert version_in_force("cn", "en").label == "2"


def test_the_command_prints_citations_and_corrects_them(document: Path) -> None:
    document.write_text(GROUNDS)
    assert re.search(r"purpose:service +2\.2\.1\n", run(*options(document)))
    said = run(*options(document), "--cite", "purpose:service=", "--cite", "keep:news=1.7.3, 2.2.1")
    assert re.search(r"Topics without a clause: purpose:service,", said)
    assert re.search(r"keep:news +1\.7\.3, 2\.2\.1\n", said)


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("purpose:service=9.9", "has no clause 9.9"),
        ("purpose:gossip=2.2.1", "Unknown topic purpose:gossip"),
        ("purpose:service", "must be TOPIC=CLAUSES"),
    ],
)
def test_a_correction_that_names_nothing_is_refused(document: Path, named: str, why: str) -> None:
    document.write_text(GROUNDS)
    with pytest.raises(CommandError, match=why):
        run(*options(document), "--cite", named, "--publish")
    assert PolicyVersion.objects.get().published_at is None


def test_a_version_that_an_earlier_release_published_names_its_clauses_once_it_is_imported_again(
    document: Path,
) -> None:
    document.write_text(GROUNDS)
    run(*options(document), "--publish")
    published = PolicyVersion.objects.all()
    for model in (Citation, CitationCheck):
        drop_triggers(connection, model._meta.db_table)
        model.objects.all().delete()
    assert cited_clauses(published.get()) == {}
    assert "Published by an earlier release" in run(*options(document))
    assert cited_clauses(published.get())["purpose:service"] == "2.2.1"
    assert "Published by an earlier release" not in run(*options(document))


@pytest.mark.shared
@pytest.mark.parametrize("variant", ["1", "2"])
def test_the_operator_s_own_policy_takes_the_place_of_the_sample_without_a_question(variant: str) -> None:
    call_command("publish_sample_policies", stdout=StringIO())
    assert "(published)" in run(*options(SEED), "--variant", variant, "--publish")


def test_running_it_again_changes_nothing(document: Path) -> None:
    run(*options(document), "--publish")
    before = PolicyVersion.objects.values().get()
    assert "already published" in run(*options(document), "--publish")
    assert PolicyVersion.objects.values().get() == before


def test_an_effective_time_may_lie_ahead(document: Path) -> None:
    said = run(*options(document), "--publish", "--effective", "2090-01-01T00:00+08:00")
    assert "in force from 2089-12-31 16:00 UTC" in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--jurisdiction": "mars"}, "no jurisdiction 'mars'; there are: cn, intl"),
        ({"--language": "!"}, "is not a language code"),
        ({"--version": "a/b"}, "not a valid version label"),
        ({"--variant": "4"}, "no variant 4"),
        ({"--effective": "soon"}, "ISO 8601"),
        ({"--effective": "2026-13-01"}, "month"),
    ],
)
def test_bad_input_is_refused_with_a_reason(document: Path, change: dict[str, str], message: str) -> None:
    given = dict(zip(options(document)[1::2], options(document)[2::2], strict=True)) | change
    with pytest.raises(CommandError, match=message):
        run(str(document), *(part for pair in given.items() for part in pair))
    assert not PolicyVersion.objects.exists()


def test_a_missing_file_and_a_taken_label_are_refused(document: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        run(*options(tmp_path / "missing.md"))
    run(*options(document), "--publish")
    document.write_text("# Other\n\nText")
    with pytest.raises(CommandError, match="new label"):
        run(*options(document))


@pytest.mark.shared
def test_the_seed_asks_for_its_variant() -> None:
    with pytest.raises(CommandError, match="2: "):
        run(*options(SEED))
    assert "clauses: 78" in run(*options(SEED), "--variant", "2", "--publish")


def test_the_samples_are_published_once_in_every_jurisdiction_and_language() -> None:
    for _again in range(2):
        call_command("publish_sample_policies", stdout=StringIO())
        assert PolicyVersion.objects.filter(published_at__isnull=False).count() == 4
    for code, jurisdiction in all_jurisdictions().items():
        for language in ("en", "zh-hans"):
            version = version_to_show(code, language)
            assert version.language == language
            assert jurisdiction.controller.email in version.html
            numbers = set(version.clauses.values_list("number", flat=True))
            assert numbers >= CLAUSES
            assert "<strong>" not in version.html.replace('<strong class="sensitive">', "")


def test_the_samples_leave_an_operator_s_policy_alone(document: Path) -> None:
    run(*options(document), "--publish")
    call_command("publish_sample_policies", stdout=StringIO())
    assert {version_to_show("cn", language).label for language in ("en", "zh-hans")} == {"1"}
    assert version_to_show("intl", "zh-hans").label == "sample-1"
