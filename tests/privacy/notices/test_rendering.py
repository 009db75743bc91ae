from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine

from privacy.jurisdictions.site import link_to
from privacy.notices.rendering import render_email, render_sms

pytestmark = pytest.mark.embedded

CONTEXT = {
    "jurisdiction": "cn",
    "called": "Mia",
    "parts": "Purpose",
    "read_url": "https://portal.test/guardians/link/abc/read/",
    "agree_url": "https://portal.test/guardians/link/abc/agree/",
    "answer_url": "https://portal.test/of-age/abc/",
    "confirm_url": "https://portal.test/guardians/link/abc/confirm/",
    "refuse_url": "https://portal.test/guardians/link/abc/refuse/",
    "code": "493817",
    "minutes": "10",
    "reference": "AB-12",
    "receipt_url": "https://portal.test/receipts/AB-12",
    "erased_by": "2026-12-02T04:00+00:00",
    "undo_until": "2026-12-01T04:00+00:00",
    "sign_in_url": "https://portal.test/sign-in/",
    "until": "2026-12-01T04:00+00:00",
    "at": "2026-12-01T04:00+00:00",
    "device": "Firefox on Linux",
    "what": "app",
    "count": "10",
    "stopped": "yes",
    "site": "https://portal.test",
    "undo_url": "https://portal.test/undo/abc/",
    "recover_url": "https://portal.test/recover/",
    "url": "https://portal.test/policies/cn/changes/?since=1&to=2",
    "due_at": "2026-12-16T22:59:59+00:00",
    "request_url": "https://portal.test/requests/AB-12/abc/",
    "reason": "many",
    "rights": "Restrict the use of my data",
    "regulator": "The data protection authority of Berlin",
    "stop_url": "https://portal.test/stop-deletion/abc/",
    "is_to_come": "yes",
    "is_reminder": "",
}
TEMPLATES = [
    "verification_code",
    "already_registered",
    "recovery_code",
    "contact_changed",
    "password_changed",
    "security_changed",
    "change_undone",
    "account_cancelled",
    "account_moved",
    "account_unused",
    "cancellation_undone",
    "account_erased",
    "copy_ready",
    "policy_changed",
    "failures_in_a_row",
    "new_sign_in",
    "sign_in_code",
    "request_received",
    "request_code",
    "request_decided",
    "request_answered",
    "request_extended",
    "request_document",
    "request_carried_out",
    "deletion_asked",
    "guardian_asked",
    "guardian_reminded",
    "guardian_confirm",
    "guardian_may_register",
    "guardian_acts",
    "request_not_proven",
    "guardian_link",
    "come_of_age",
    "enterprise_invitation",
    "membership_changed",
    "members_changed",
    "licence_approved",
    "licence_returned",
    "licence_refused",
    "licence_expired",
    "licence_ending",
]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
every_template = pytest.mark.parametrize("template", TEMPLATES)


@pytest.fixture(autouse=True)
def _a_missing_variable_shows(monkeypatch):
    monkeypatch.setattr(Engine.get_default(), "string_if_invalid", "MISSING-%s")


@every_template
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_renders_in_both_channels(template, language):
    email, sms = render_email(template, language, CONTEXT), render_sms(template, language, CONTEXT)
    for text in (email.subject, email.body, email.html, sms.body):
        assert text.strip()
        assert "MISSING" not in text
        assert "{{" not in text
        assert "%(" not in text


@every_template
def test_every_message_says_who_sends_it_and_what_to_do_if_it_was_not_you(template):
    email, sms = render_email(template, "en", CONTEXT), render_sms(template, "en", CONTEXT)
    for text in (email.body, email.html, sms.body):
        assert "Quectel Wireless Solutions" in text
    assert "quecteldpo@quectel.com" in email.body
    assert "If " in email.body
    assert "You receive" in email.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "template",
    ["request_decided", "request_not_proven", "request_document", "account_erased", "policy_changed"],
)
def test_a_question_about_data_is_asked_where_it_gets_a_due_time(template, language):
    assert link_to("requests") in render_email(template, language, CONTEXT).body


@every_template
def test_no_subject_holds_a_secret(template):
    subject = render_email(template, "en", CONTEXT).subject
    assert not any(value in subject for value in CONTEXT.values() if len(value) > 3)
    assert "\n" not in subject


@pytest.mark.parametrize("template", ["verification_code", "recovery_code"])
def test_a_code_is_in_body_and_sms(template):
    assert "493817" in render_email(template, "en", CONTEXT).body
    assert "493817" in render_sms(template, "en", CONTEXT).body


@pytest.mark.parametrize(
    ("kind", "said"), [("factors_reset", "turned off two-step verification"), ("phone_reset", "phone number")]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reset_by_staff_is_notified_with_a_link_unless_the_number_was_lost(kind, said, language):
    context = {**CONTEXT, "what": kind, "device": "Our staff"}
    texts = [
        render_email("security_changed", language, context).body,
        render_sms("security_changed", language, context).body,
    ]
    lost = {name: value for name, value in CONTEXT.items() if name != "undo_url"} | {"lost": "yes"}
    texts_of_the_lost = [
        render_sms("contact_changed", language, lost).body,
        render_email("contact_changed", language, lost).body,
    ]
    for text in texts:
        assert CONTEXT["undo_url"] in text
        assert said in text or language != "en"
        assert "recovery codes" not in text
    for text in texts_of_the_lost:
        assert "/undo/" not in text
        assert "quecteldpo@quectel.com" in text
        assert "sign-in page" not in text


def test_the_controller_follows_the_jurisdiction():
    assert "Beograd" in render_sms("password_changed", "en", {**CONTEXT, "jurisdiction": "intl"}).body
    assert "上海移远" in render_sms("password_changed", "zh-hans", CONTEXT).body


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"is_to_come": "yes"}, "changes on Dec. 1, 2026, 4 a.m. UTC"),
        ({"is_to_come": ""}, "has changed. We'll ask"),
        ({"is_to_come": "", "is_reminder": "yes"}, "you have not answered yet"),
    ],
)
def test_a_changed_policy_says_whether_it_is_in_force_yet(flags, said):
    email = render_email("policy_changed", "en", CONTEXT | flags)
    assert said in email.body
    assert CONTEXT["url"] in email.body


def test_times_read_as_times():
    assert "Dec. 1, 2026, 4 a.m. UTC" in render_email("account_cancelled", "en", CONTEXT).body


def test_text_is_not_escaped_and_html_is():
    email = render_email("account_cancelled", "en", {**CONTEXT, "reference": "7 <second>"})
    assert "7 <second>" in email.body
    assert "7 &lt;second&gt;" in email.html


def test_every_template_of_the_folder_is_tested():
    folder = Path(settings.BASE_DIR, "templates/privacy/notices")
    assert {path.name.removesuffix(".sms.txt") for path in folder.glob("*.sms.txt")} == set(TEMPLATES)
