"""The summary of a policy states what the inventory and the settings state, and links to clauses that are there."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from privacy.inventory.declarations import Kind
from privacy.inventory.purposes import Purpose
from privacy.inventory.queries import fields_for
from privacy.inventory.retention_classes import AGEING_CLASSES, RetentionClass, words_of
from privacy.inventory.third_parties import ThirdParties, ThirdParty
from privacy.jurisdictions.country_facts import AnswerPeriods, CountryFacts, Review, Source
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.policies.summary import PolicySummary, SummaryLine, summary_of
from tests.declarations import declare
from tests.factories import make_policy, make_sample_policy

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]

WITHOUT_CLAUSES = "We look after your data.\n\nWrite to us."


def summary(kind: Kind | None = Kind.INDIVIDUAL, jurisdiction: str = "intl", text: str = "") -> PolicySummary:
    return summary_of(kind, get_jurisdiction(jurisdiction), make_policy(jurisdiction, text=text))


def line(found: PolicySummary, label: str) -> SummaryLine:
    return next(line for line in found.lines if line.label == label)


def facts(found: PolicySummary, label: str) -> list[str]:
    return [fact.text for fact in line(found, label).facts]


def shown(found: PolicySummary, **context: object) -> str:
    return render_to_string("privacy/policies/_summary.html", {"summary": found, **context})


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_a_kind_is_named_once_as_required_or_optional(kind: Kind):
    found = summary(kind)
    named = facts(found, "Required") + facts(found, "Optional")
    assert sorted(named) == sorted(str(field.label) for field in fields_for(kind))


def test_what_one_country_requires_is_required_where_that_country_belongs_and_optional_elsewhere():
    code = "Unified Social Credit Code or registration number"
    assert code in facts(summary(Kind.ENTERPRISE, "cn"), "Required")
    assert code in facts(summary(Kind.ENTERPRISE, "intl"), "Optional")


def test_without_a_kind_both_are_told_apart():
    found = summary(None)
    assert "Enterprise name" in facts(found, "Required from enterprises")
    assert "Enterprise name" not in facts(found, "Required from individuals")
    assert "E-mail" in facts(found, "Optional for individuals")


def test_sensitive_fields_are_marked():
    html = shown(summary())
    assert '<strong class="sensitive"><u>Phone number</u></strong>' in html
    assert "<li>Username</li>" in html


def test_a_purpose_for_which_only_enterprises_are_asked_is_not_named_to_an_individual():
    assert "Verifying enterprises" not in facts(summary(Kind.INDIVIDUAL), "What we use it for")
    assert "Verifying enterprises" in facts(summary(Kind.ENTERPRISE), "What we use it for")
    assert "Repairing the service" in facts(summary(Kind.INDIVIDUAL), "What we use it for")


def test_optional_uses_are_those_of_the_operator(settings: Any):
    settings.OPTIONAL_PURPOSES = (
        Purpose("news", "Our news", "", optional=True),
        Purpose("x", "Old", "", is_retired=True),
    )
    assert facts(summary(), "Only if you turn it on") == ["Our news"]
    settings.OPTIONAL_PURPOSES = ()
    assert "Only if you turn it on" not in [line.label for line in summary().lines]


def test_periods_are_those_of_the_settings(settings: Any):
    settings.COOLING_OFF, settings.ERASE_WITHIN = timedelta(days=3), timedelta(hours=5)
    settings.RETENTION_OVERRIDES = {"security": timedelta(days=9)}
    notes = line(summary(), "How long we keep it").notes
    assert notes[0].endswith("You can undo that for 3 days. Then we erase your data within 5 hours.")
    assert "Security events: 9 days" in notes
    assert all(any(words_of(name) in note for note in notes) for name in (*AGEING_CLASSES, RetentionClass.EVIDENCE))


def test_without_a_cooling_off_period_none_is_promised(settings: Any):
    settings.COOLING_OFF = timedelta(0)
    notes = line(summary(), "How long we keep it").notes
    assert notes[0] == "Until you cancel your account. Then we erase your data within 24 hours."


def test_recipients_are_named_with_what_they_hold():
    held = ThirdParty(str(UUID(int=1)), "Acme <b>", [RetentionClass.CONTACT.value])
    with declare(ThirdParties(lambda: [held])):
        html = shown(summary())
    assert "Acme &lt;b&gt;: contact points" in html
    assert line(summary(), "Who else holds it").notes == ["No other organisation is registered as holding it."]


@pytest.mark.parametrize("jurisdiction", ["cn", "intl"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_link_leads_to_a_clause_of_the_text(jurisdiction: str, language: str):
    found = summary_of(None, get_jurisdiction(jurisdiction), make_sample_policy(jurisdiction, language))
    anchors = set(re.findall(r'href="#([^"]+)"', shown(found)))
    assert anchors <= set(found.version.clauses.values_list("anchor", flat=True))
    assert {"1-1-1", "1-1-2", "2-2-1", "1-4"} <= anchors


def test_where_to_complain_is_the_authority_of_the_country_or_what_the_jurisdiction_says_of_all():
    version = make_policy("intl")
    found = summary_of(Kind.INDIVIDUAL, get_jurisdiction("intl"), version, "DE")
    assert 'href="https://www.bfdi.bund.de/DE/Service/Kontakt/Kontaktfinder/kontaktfinder_node.html"' in shown(found)
    assert facts(summary(), "Where to complain") == ["The data protection authority of your country or region"]
    assert facts(summary(jurisdiction="cn"), "Where to complain") == [
        "China: 国家互联网信息办公室 (Cyberspace Administration of China)"
    ]


def test_the_days_of_an_answer_are_those_of_the_country_where_its_law_is_stricter(settings: Any):
    source = Source("https://law.example", date(2026, 11, 29), Review.READ)
    settings.COUNTRIES = {"KR": CountryFacts(None, None, None, AnswerPeriods(10, 10, "a decree", source))}
    for country, days in ((None, 15), ("DE", 15), ("KR", 10)):
        found = summary_of(None, get_jurisdiction("intl"), make_policy("intl"), country)
        assert line(found, "Your rights").notes == [f"We answer within {days} days."]


def test_a_policy_whose_clauses_are_not_known_has_the_same_facts_without_links():
    html = shown(summary(text=WITHOUT_CLAUSES))
    assert "Required" in html
    assert 'href="#' not in html


def test_on_another_page_the_links_lead_to_the_text():
    html = shown(summary_of(None, get_jurisdiction("intl"), make_sample_policy("intl")), text_url="/policies/intl/1/")
    assert 'href="/policies/intl/1/#1-1-1"' in html
    assert 'href="#' not in html


def test_the_language_of_the_text_is_said_where_it_differs():
    found = summary_of(None, get_jurisdiction("intl"), make_policy("intl", language="zh-hans"))
    assert "The full text is in Simplified Chinese." in shown(found)
    with translation.override("zh-hans"):
        assert "政策全文的语言" not in shown(summary_of(None, get_jurisdiction("intl"), found.version))


def test_a_chinese_reader_reads_it_in_chinese():
    with translation.override("zh-hans"):
        html = shown(summary(Kind.INDIVIDUAL, "cn"))
    assert "保存至您注销账号。注销后7天内可撤回，期满后24小时内删除。" in html
    assert "中国" in html
