"""A receipt says in the standard's words what was agreed to, and whose signature stands behind it."""

from privacy.consent.receipts import receipt_of
from tests.factories import agree, make_policy, make_subject


def test_a_receipt_has_the_sections_and_field_names_of_the_standard():
    subject = make_subject("cn")
    record = agree(subject, make_policy("cn"), "product_news")
    receipt = receipt_of(record, site="https://portal.example")
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
    receipt = receipt_of(agree(make_subject(), make_policy()))
    assert not any(purpose["optional"] for purpose in receipt["pii_processing"]["purposes"])


def test_a_receipt_is_in_the_language_of_the_text_that_was_agreed_to():
    receipt = receipt_of(agree(make_subject("cn"), make_policy("cn", language="zh-hans")))
    assert receipt["pii_processing"]["language"] == "zh-hans"
    assert receipt["party_identification"][0]["party_name"] == "上海移远通信技术股份有限公司"
