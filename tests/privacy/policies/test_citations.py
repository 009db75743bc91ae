"""Citations belong to a version: proposed from its words, confirmed by staff, then final."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from privacy.consent.receipts import receipt_of_act
from privacy.management.commands.publish_sample_policies import SAMPLES
from privacy.policies.citations import UnknownClause, UnknownTopic, cited_clauses, clauses_named, confirm_citations
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.policies.models import CitationCheck, PolicyVersion, PublicationProposal, PublishedVersionFinal
from privacy.policies.services import CitationsUnconfirmed, import_policy, propose_publication, publish_policy
from privacy.policies.topics import all_topics, deletion_topic, retention_topic
from tests.drafts import address_of, check_clauses, propose, shown_state
from tests.environment import SHARED
from tests.factories import agree, make_policy, make_sample_policy, make_staff, make_subject
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
PURPOSES = ("service", "security", "messages", "verification", "support", "improvement", "law", "agreed")
STATED = {
    **{f"purpose:{key}": f"2.2.{number}" for number, key in enumerate(PURPOSES, start=1)},
    **dict.fromkeys(["optional:user_experience", "optional:product_news"], "1.4"),
    **{retention_topic(ground): ground.value for ground in RetentionGround},
    **{deletion_topic(ground): ground.value for ground in DeletionGround},
}


def draft(text: str, label: str = "1", language: str = "en") -> PolicyVersion:
    return import_policy(
        content=text.encode(), file_name="p.md", jurisdiction="intl", label=label, language=language, any_language=True
    )


@pytest.mark.parametrize("sample", sorted(file.name for file in SAMPLES.glob("*.md")))
def test_of_a_sample_every_topic_is_found(sample: str):
    jurisdiction, language, _suffix = sample.split(".")
    cited = dict(cited_clauses(make_sample_policy(jurisdiction, language)))
    fields = {topic.key: cited.pop(topic.key, "") for topic in all_topics() if topic.group == "field"}
    assert cited == STATED
    of_kind = {"individual": "1.1.1", "enterprise": "1.1.2"}
    unstated = sorted(key for key, clause in fields.items() if clause != of_kind[key.split(":")[1]])
    assert unstated == [], (
        f"privacy/policies/samples/{sample} does not name {', '.join(unstated)} in clause 1.1.1 (individuals) or 1.1.2 "
        "(enterprises), or not by words of privacy/policies/topic_words.toml."
    )


@pytest.mark.shared
@pytest.mark.parametrize("variant", [1, 2])
def test_of_the_operator_s_policy_each_purpose_and_ground_is_found_where_that_text_has_it(variant: int):
    cited = cited_clauses(
        import_policy(
            content=SEED.read_bytes(),
            file_name=SEED.name,
            jurisdiction="intl",
            label="2022-07",
            language="en",
            variant=variant,
        )
    )
    purposes = {key: clauses for key, clauses in cited.items() if key.startswith(("purpose:", "optional:"))}
    assert purposes == {
        "purpose:service": "2.2.1, 2.2.2",
        "purpose:security": "2.2.4, 2.2.6",
        "purpose:messages": "2.2.7",
        "purpose:support": "2.2.7",
        "purpose:agreed": "2.2.8",
        "optional:user_experience": "1.4",
    }
    assert all(cited[retention_topic(ground)] == ground.value for ground in RetentionGround)
    grounds = {ground: cited.get(deletion_topic(ground)) for ground in DeletionGround}
    assert grounds == {
        **{ground: ground.value for ground in DeletionGround},
        DeletionGround.UNUSED: "6.3.4, 6.3.5",
        DeletionGround.ENDED: None,
    }


def test_a_topic_is_found_by_its_words_wherever_the_text_has_it():
    text = (SAMPLES / "intl.en.md").read_text()
    items = re.findall(r"^2\.2\.\d (.*)$", text, re.MULTILINE)
    moved = [f"2.2.{number} {words}" for number, words in enumerate(reversed(items), start=1)]
    for old, new in zip(items, moved, strict=True):
        text = re.sub(rf"^2\.2\.\d {re.escape(old)}$", f"@{new[4:]}", text, flags=re.MULTILINE)
    text = re.sub(r"^@(\d)", r"2.2.\1", text.replace("@.", "@"), flags=re.MULTILINE)
    cited = cited_clauses(draft(text))
    assert [cited[f"purpose:{key}"] for key in PURPOSES] == [f"2.2.{number}" for number in range(8, 0, -1)]


def test_of_a_text_in_a_language_without_words_nothing_is_proposed():
    assert cited_clauses(draft("# R\n\n## 1. Was wir erheben\n\n1.1 Name und Telefon.", language="de")) == {}


@pytest.mark.parametrize("word", ["violat", "delet", "break", "breach"])
def test_a_text_without_spaces_is_searched_only_so_far(word: str):
    version = draft(f"# P\n\n## 6.3 Delete\n\n6.3.1 {word * 40_000}")
    assert cited_clauses(version).get("erase:breach") is None


def test_nothing_is_guessed_from_numbers():
    text = "# P\n\n" + "\n\n".join(
        f"{number} We keep promise {number}." for number in ("1.4", "1.7.3", "2.2.3", "6.3.5")
    )
    assert cited_clauses(draft(text)) == {}


def test_a_receipt_names_the_clause_of_the_version_that_was_agreed_to_or_none():
    subject = make_subject()
    old, new = agree(subject, make_policy()), agree(subject, make_sample_policy())
    for record, expected in ((old, None), (new, "2.2.3")):
        purposes = receipt_of_act(record)["pii_processing"]["purposes"]
        assert {p["clause"] for p in purposes if p["purpose_type"] == "messages"} == {expected}


def test_what_was_confirmed_stays_with_the_published_version():
    version = draft((SAMPLES / "intl.en.md").read_text())
    confirm_citations(version=version, cited={"purpose:messages": "2.2.5; 2.2.3"}, by=uuid4())
    published = publish_policy(version=PolicyVersion.objects.get(), material=True)
    assert cited_clauses(published) == {"purpose:messages": "2.2.3, 2.2.5"}
    with pytest.raises(PublishedVersionFinal):
        confirm_citations(version=published, cited={}, by=uuid4())
    with pytest.raises(PublishedVersionFinal):
        published.citations.first().delete()
    with pytest.raises(PublishedVersionFinal):
        published.citations.first().save()


@pytest.mark.parametrize(
    ("cited", "refusal"), [({"purpose:gossip": "1"}, UnknownTopic), ({"purpose:messages": "9.9"}, UnknownClause)]
)
def test_what_the_text_or_the_portal_does_not_have_is_refused(cited: dict[str, str], refusal: type[Exception]):
    version = draft("# P\n\n1.1 We keep promises.")
    with pytest.raises(refusal):
        confirm_citations(version=version, cited=cited, by=None)
    assert not PolicyVersion.objects.get().has_confirmed_citations


def test_a_clause_is_named_by_number_heading_or_anchor():
    version = draft("# P\n\n## Who, what and when\n\nWords.\n\n## 2. More\n\n2.1 Words.")
    heading = version.clauses.get(heading="Who, what and when")
    assert clauses_named(version, "Who, what and when") == [heading]
    assert [clause.number for clause in clauses_named(version, f"2.1， {heading.anchor}")] == ["2.1", ""]


def test_a_draft_is_proposed_only_after_its_clauses_were_checked_since_the_last_import():
    version, wanted = draft("# P\n\n1.1 A."), {"by": uuid4(), "material": True, "effective_at": None}
    with pytest.raises(CitationsUnconfirmed):
        propose_publication(version=version, **wanted)
    confirm_citations(version=version, cited={}, by=uuid4())
    propose_publication(version=PolicyVersion.objects.get(), **wanted)
    confirm_citations(version=version, cited={}, by=uuid4())
    assert not PublicationProposal.objects.exists()
    with pytest.raises(CitationsUnconfirmed):
        propose_publication(version=draft("# P\n\n1.1 B."), **wanted)


def operator() -> Client:
    return client_of(make_staff("Policy operator", username="operator"))


def test_staff_check_the_clauses_and_the_second_person_sees_them():
    version = draft((SAMPLES / "intl.en.md").read_text())
    staff, page = operator(), reverse("admin:privacy_policyversion_clauses", args=[version.pk])
    html = staff.get(page).content.decode()
    assert 'value="2.2.3"' in html
    assert "to send you codes, warnings and answers" in html
    typed = {"purpose:messages": "2.2.4", "purpose:support": "77"}
    html = check_clauses(staff, version, typed).content.decode()
    assert "The text has no such clause." in html
    assert 'value="2.2.4"' in html
    assert 'value="77"' in html
    assert not PolicyVersion.objects.get().has_confirmed_citations
    check_clauses(staff, version, typed | {"purpose:support": ""})
    second = client_of(make_staff("Policy operator", username="second"))
    html = second.get(reverse("admin:privacy_policyversion_change", args=[version.pk])).content.decode()
    assert re.search(r"Purposes: Writing to you</th><td>2\.2\.4</td>", html)
    assert re.search(r"Purposes: Helping you</th><td>none</td>", html)


def test_clauses_are_checked_only_before_publication_by_those_who_may_change_a_draft():
    version = draft("# P\n\n1.1 A.")
    page = reverse("admin:privacy_policyversion_clauses", args=[version.pk])
    assert client_of(make_staff("Support", username="support")).post(page, {}).status_code == 403
    publish_policy(version=version, material=True)
    assert operator().post(page, {}).status_code == 403


def another_text(version: PolicyVersion) -> None:
    draft("# P\n\n1.1 We sell everything.\n\n1.2 B.")


def other_clauses(version: PolicyVersion) -> None:
    confirm_citations(version=version, cited={"purpose:support": "1.1"}, by=uuid4())


@pytest.mark.parametrize("changes", [another_text, other_clauses])
def test_clauses_of_a_draft_that_changed_since_it_was_shown_are_refused_with_what_was_typed(
    changes: Callable[[PolicyVersion], None],
):
    version, staff = draft("# P\n\n1.1 A.\n\n1.2 B."), operator()
    page = address_of("clauses", version)
    typed = {"purpose:messages": "1.2"}
    sent = shown_state(staff.get(page).content.decode()) | typed
    changes(version)
    before = list(CitationCheck.objects.values_list("pk", "confirmed_at"))
    answer = staff.post(page, sent)
    html = answer.content.decode()
    assert "changed after you opened this page" in html
    assert 'value="1.2"' in html
    assert list(CitationCheck.objects.values_list("pk", "confirmed_at")) == before
    assert "Saved." in staff.post(page, shown_state(html) | typed, follow=True).content.decode()
    assert cited_clauses(PolicyVersion.objects.get()) == {"purpose:messages": "1.2"}


def test_clauses_are_refused_where_the_text_changes_as_they_are_sent():
    version, staff = draft("# P\n\n1.1 A."), operator()
    page = address_of("clauses", version)
    sent = shown_state(staff.get(page).content.decode()) | {"purpose:messages": "1.1"}

    def change_first(**options: Any) -> None:
        another_text(version)
        confirm_citations(**options)

    with patch("privacy.policies.admin.confirm_citations", change_first):
        html = staff.post(page, sent).content.decode()
    assert "changed after you opened this page" in html
    assert 'value="1.1"' in html
    assert not CitationCheck.objects.exists()


def test_a_form_without_what_was_shown_is_refused():
    version, staff = draft("# P\n\n1.1 A."), operator()
    assert "changed after you opened this page" in staff.post(address_of("clauses", version), {}).content.decode()
    confirm_citations(version=version, cited={}, by=uuid4())
    refused = staff.post(address_of("propose", version), {"change": "material"}, follow=True).content.decode()
    assert "changed after you opened this page" in refused
    assert not PublicationProposal.objects.exists()


def test_a_proposal_about_a_draft_that_changed_since_it_was_shown_is_refused_with_what_was_typed():
    version, staff = draft("# P\n\n1.1 A."), operator()
    check_clauses(staff, version)
    typed = {"change": "editorial", "effective_at": "2099-08-01 00:00"}
    sent = shown_state(staff.get(address_of("change", version)).content.decode()) | typed
    another_text(version)
    confirm_citations(version=version, cited={}, by=uuid4())
    html = staff.post(address_of("propose", version), sent, follow=True).content.decode()
    assert "changed after you opened this page" in html
    assert '<option value="editorial" selected>' in html
    assert 'value="2099-08-01 00:00"' in html
    assert not PublicationProposal.objects.exists()
    staff.post(address_of("propose", version), shown_state(html) | typed)
    assert PublicationProposal.objects.get().material is False


@pytest.mark.parametrize("who", ["the one who proposed it", "another"])
def test_a_proposal_can_be_rejected(who: str):
    version = draft("# P\n\n1.1 A.")
    first, second = operator(), client_of(make_staff("Policy operator", username="second"))
    check_clauses(first, version)
    propose(first, version)
    page = reverse("admin:privacy_policyversion_change", args=[version.pk])
    shown = second.get(page).content.decode()
    assert "Proposed by operator on" in shown
    assert "Checked by operator on" in shown
    for overview in ("admin:index", "admin:privacy_policyversion_changelist"):
        assert "waiting for a second person" in second.get(reverse(overview)).content.decode()
    at = {"proposed_at": PublicationProposal.objects.get().proposed_at.isoformat()}
    reject = reverse("admin:privacy_policyversion_reject", args=[version.pk])
    rejecting = first if who == "the one who proposed it" else second
    assert "Rejected. It stays a draft" in rejecting.post(reject, at, follow=True).content.decode()
    assert not PublicationProposal.objects.exists()
    confirm = reverse("admin:privacy_policyversion_confirm", args=[version.pk])
    assert "This proposal was replaced, rejected or confirmed" in second.post(confirm, at, follow=True).content.decode()
    assert PolicyVersion.objects.get().published_at is None
