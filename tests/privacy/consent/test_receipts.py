"""A receipt says in the standard's terms what a person agreed to, and who is responsible."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.profiles.services import new_profile
from privacy.consent.queries import latest_consent
from privacy.consent.receipts import receipt_of_act
from privacy.consent.services import record_consent
from privacy.inventory.queries import fields_for
from privacy.recipients.models import Recipient
from privacy.recipients.services import register_recipient
from tests.factories import agree, make_person, make_policy, make_sample_policy, make_subject


@pytest.fixture(autouse=True)
def _own_site(settings):
    settings.SITE_URL = "https://portal.example"


def test_a_receipt_has_the_sections_and_field_names_of_the_standard():
    subject = make_subject("cn")
    record = agree(subject, make_policy("cn"), "product_news")
    receipt = receipt_of_act(record)
    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023"
    assert receipt["record_id"] == str(record.pk)
    assert receipt["pii_principal_id"] == str(subject.pk)
    processing = receipt["pii_processing"]
    assert processing["privacy_notice"].startswith("https://portal.example/policies/cn/")
    assert processing["privacy_notice_sha256"] == record.digest
    assert {purpose["purpose_type"] for purpose in processing["purposes"]} >= {"security", "product_news"}
    assert receipt["event"][0]["event_time"] == record.at.isoformat()
    assert receipt["party_identification"][0]["party_name"] == "Quectel Wireless Solutions Co., Ltd"


def test_a_receipt_names_only_the_purposes_that_were_switched_on():
    receipt = receipt_of_act(agree(make_subject(), make_policy()))
    assert not any(purpose["optional"] for purpose in receipt["pii_processing"]["purposes"])


def test_a_receipt_is_in_its_readers_language_and_names_that_of_the_text():
    record = agree(make_subject("cn"), make_policy("cn", language="en"))
    with translation.override("zh-hans"):
        receipt = receipt_of_act(record)
    assert receipt["pii_processing"]["language"] == "en"
    assert receipt["pii_processing"]["privacy_notice"].endswith("?language=en")
    assert receipt["party_identification"][0]["party_name"] == "上海移远通信技术股份有限公司"


def test_a_download_is_in_the_language_of_the_page_it_is_on(client: Client):
    user = make_person()
    client.force_login(user)
    record = latest_consent(user.subject_id)
    told = {
        language: client.get(
            f"/settings/privacy/receipts/{record.pk}.json", headers={"accept-language": language}
        ).json()
        for language in ("en", "zh-hans")
    }
    periods = {language: receipt["pii_processing"]["retention_period"] for language, receipt in told.items()}
    assert periods == {
        "en": "until the account is cancelled and its cooling-off period ends",
        "zh-hans": "至账号注销且冷静期结束为止",
    }


def test_the_sections_are_complete():
    subject = make_subject()
    version = make_policy(label="2.0")
    record = agree(subject, version, "product_news")
    receipt = receipt_of_act(record)
    assert receipt.keys() == {
        *("schema_version", "record_id", "pii_principal_id"),
        *("pii_processing", "event", "party_identification", "integrity"),
    }
    processing = {name: value for name, value in receipt["pii_processing"].items() if name != "purposes"}
    assert processing == {
        "privacy_notice": "https://portal.example/policies/intl/2.0/?language=en",
        "privacy_notice_version": "2.0",
        "privacy_notice_sha256": version.digest,
        "language": "en",
        "jurisdiction": "The data protection law of your country or region, such as the General Data Protection "
        "Regulation (GDPR)",
        "storage_locations": ["DE"],
        "retention_period": "until the account is cancelled and its cooling-off period ends",
        "collection_method": "registration form",
        "withdrawal_method": "https://portal.example/settings/privacy/",
        "privacy_rights": [
            *("access", "rectification", "erasure", "portability"),
            *("objection", "restriction", "withdrawal", "complaint"),
        ],
        "recipient_third_parties": [],
    }
    assert receipt["party_identification"] == [
        {
            "party_id": "intl",
            "party_role": "controller",
            "party_name": "Quectel Connectivity Solutions doo Beograd",
            "party_address": "Dositejeva 11, 11000 Belgrade, Serbia",
            "party_email": "quecteldpo@quectel.com",
        }
    ]
    assert receipt["integrity"] == {"position": record.position, "hash": bytes(record.hash).hex()}


def test_each_purpose_says_its_clause_and_which_data_it_uses():
    receipt = receipt_of_act(agree(make_subject(), make_sample_policy(), "product_news"))
    purposes = {purpose["purpose_type"]: purpose for purpose in receipt["pii_processing"]["purposes"]}
    usual = {"event_state": "given"}
    assert purposes["messages"] == usual | {
        "lawful_basis": "contract",
        "purpose": "Writing to you",
        "purpose_type": "messages",
        "optional": False,
        "clause": "2.2.3",
        "pii_information": [
            {
                "pii_attribute_id": "email",
                "pii_type": "E-mail",
                "pii_optional": True,
                "sensitive_pii_category": True,
            },
            {
                "pii_attribute_id": "enterprise_email",
                "pii_type": "Enterprise e-mail",
                "pii_optional": False,
                "sensitive_pii_category": True,
            },
        ],
    }
    assert purposes["product_news"] == usual | {
        "lawful_basis": "consent",
        "purpose": "Product news",
        "purpose_type": "product_news",
        "optional": True,
        "clause": "1.4",
        "pii_information": [],
    }


@pytest.mark.parametrize(
    ("kind", "asked", "not_asked"),
    [("individual", "email", "enterprise_email"), ("enterprise", "enterprise_email", "email")],
)
def test_a_receipt_lists_what_is_asked_of_the_persons_kind_only(kind: str, asked: str, not_asked: str):
    subject = make_subject()
    new_profile(subject=subject, kind=kind, values={"name": "Maria Petrović", "country": "RS"}).save()
    purposes = receipt_of_act(agree(subject, make_policy()))["pii_processing"]["purposes"]
    named = {field["pii_attribute_id"] for purpose in purposes for field in purpose["pii_information"]}
    assert named == {field.key for field in fields_for(kind)}
    assert (asked in named, not_asked in named) == (True, False)
    assert all(purpose["pii_information"] for purpose in purposes)


NECESSARY = ["law", "messages", "security", "service", "verification"]
NEWS = ["product_news"]


@pytest.mark.parametrize(
    ("act", "before", "after", "state", "about"),
    [
        ("registered", None, NEWS, "given", [*NECESSARY, *NEWS]),
        ("granted", [], NEWS, "given", NEWS),
        ("withdrew", [*NEWS, "user_experience"], ["user_experience"], "withdrawn", NEWS),
        ("accepted", NEWS, [], "given", NECESSARY),
        ("asked_anew", NEWS, [], "unknown", NEWS),
    ],
)
def test_the_event_says_what_the_person_did_how_and_about_what(act, before, after, state, about):
    subject, version = make_subject(), make_policy()
    if before is not None:
        record_consent(subject=subject, version=version, purposes=before, act="registered", channel="web")
    record = record_consent(subject=subject, version=version, purposes=after, act=act, channel="rest")
    receipt = receipt_of_act(record)
    states = {purpose["purpose_type"]: purpose["event_state"] for purpose in receipt["pii_processing"]["purposes"]}
    gone = "unknown" if act == "asked_anew" else "withdrawn"
    off = [key for key in before or [] if key not in after]
    assert states == dict.fromkeys([*NECESSARY, *after], "given") | dict.fromkeys(off, gone)
    assert receipt["event"] == [
        {
            "event_time": record.at.isoformat(),
            "event_type": act,
            "event_state": state,
            "purposes": about,
            "consent_type": "expressed",
            "entity_id": str(subject.pk),
            "channel": "rest",
        }
    ]


@pytest.mark.parametrize(
    ("act", "channel", "en", "zh"),
    [
        ("registered", "web", "registration form", "注册表单"),
        ("accepted", "web", "policy change page", "政策变更页面"),
        ("withdrew", "web", "privacy settings", "隐私设置"),
        ("granted", "rest", "app", "应用"),
        ("asked_anew", "ops", "operator, without action by the person", "运营方，非本人操作"),
    ],
)
def test_a_receipt_says_by_what_it_was_collected_and_for_how_long_in_its_readers_language(act, channel, en, zh):
    record = record_consent(subject=make_subject(), version=make_policy(), purposes=[], act=act, channel=channel)
    for language, words, period in (("en", en, "until the account"), ("zh-hans", zh, "至账号注销")):
        with translation.override(language):
            processing = receipt_of_act(record)["pii_processing"]
        assert processing["collection_method"] == words
        assert processing["retention_period"].startswith(period)


def test_a_purpose_has_its_own_ground_and_consent_where_the_law_knows_no_legitimate_interests():
    grounds = {}
    for jurisdiction in ("intl", "cn"):
        receipt = receipt_of_act(agree(make_subject(jurisdiction), make_policy(jurisdiction), "product_news"))
        purposes = receipt["pii_processing"]["purposes"]
        grounds[jurisdiction] = {purpose["purpose_type"]: purpose["lawful_basis"] for purpose in purposes}
    assert grounds["intl"]["security"] == "legitimate_interests"
    assert grounds["cn"]["security"] == "consent"
    for found in grounds.values():
        assert (found["service"], found["law"], found["product_news"]) == ("contract", "legal_obligation", "consent")


def test_a_receipt_lists_present_third_parties():
    record = agree(make_subject(), make_policy())
    mailer = register_recipient(name="Mailer", url="https://mailer.example/hook", classes=["contact", "account"])[0]
    retired = register_recipient(name="Former", url="https://former.example/hook", classes=["account"])[0]
    Recipient.objects.filter(pk=retired.pk).update(state=Recipient.State.RETIRED)
    receipt = receipt_of_act(record)
    assert receipt["pii_processing"]["recipient_third_parties"] == [str(mailer.pk)]
    assert receipt["party_identification"][1:] == [
        {
            "party_id": str(mailer.pk),
            "party_role": "recipient",
            "party_name": "Mailer",
            "party_description": "holds: account and profile and contact points",
        }
    ]
