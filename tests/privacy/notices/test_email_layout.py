"""An e-mail as it is sent: who sends it, that no program answers it, its code and its button."""

import re

import pytest
from django.core import mail

from privacy.notices.rendering import render_email
from privacy.notices.services import deliver_notice, send_notice
from tests.privacy.notices.test_rendering import CONTEXT

pytestmark = pytest.mark.embedded


def test_a_code_is_large_and_said_once():
    html = render_email("sign_in_code", "en", CONTEXT).html
    assert re.search(r'<p class="code[^>]*font-size:32px[^>]*>493817</p>', html)
    assert html.count("493817") == 1


@pytest.mark.parametrize(
    ("template", "name", "label"),
    [
        ("new_sign_in", "undo_url", "That was not me"),
        ("policy_changed", "url", "See what changes"),
        ("account_erased", "receipt_url", "Check the progress"),
    ],
)
def test_a_message_with_a_link_has_one_button(template: str, name: str, label: str):
    context = {key: value for key, value in CONTEXT.items() if not key.endswith("url") or key == name}
    html = render_email(template, "en", context).html
    assert html.count('class="button"') == 1
    assert f">{label}</a>" in html
    assert context[name].replace("&", "&amp;") in html


def test_a_link_in_a_chinese_sentence_can_be_opened():
    html = render_email("new_sign_in", "zh-hans", CONTEXT).html
    assert html.count(f'href="{CONTEXT["undo_url"]}"') == 2  # in the sentence, and as the button


def test_a_message_without_a_link_has_no_button():
    context = {key: value for key, value in CONTEXT.items() if not key.endswith("url")}
    assert 'class="button"' not in render_email("sign_in_code", "en", context).html


@pytest.mark.parametrize(("language", "service"), [("en", "Privacy portal"), ("zh-hans", "隐私中心")])
def test_the_subject_ends_with_the_service(language: str, service: str):
    assert render_email("password_changed", language, CONTEXT).subject.endswith(f" · {service}")


@pytest.mark.django_db
def test_headers_name_the_service_and_the_site_and_refuse_automatic_answers(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://portal.example.org"
    settings.DEFAULT_FROM_EMAIL = "privacy@example.org"
    given = {"jurisdiction": "intl", "device": "Firefox on Linux", "at": "2026-12-01T04:00+00:00"}
    notice = send_notice(
        subject=None,
        channel="email",
        address="a@example.org",
        template="password_changed",
        language="en",
        context=given,
    )
    assert deliver_notice(notice.pk)
    sent = mail.outbox[0].message()
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["From"] == "Privacy portal <privacy@example.org>"
    assert sent["Message-ID"].endswith("@portal.example.org>")


@pytest.mark.parametrize("template", ["new_sign_in", "password_changed", "security_changed", "contact_changed"])
@pytest.mark.parametrize(
    ("language", "at"), [("en", "Dec. 1, 2026, 4 a.m. UTC"), ("zh-hans", "2026年12月1日 04:00 UTC")]
)
def test_time_and_device_of_a_security_message_are_facts_and_not_repeated(template: str, language: str, at: str):
    context = {key: value for key, value in CONTEXT.items() if key not in ("undo_until", "code")}
    html = render_email(template, language, context | {"undo_until": "2026-12-04T05:00+00:00"}).html
    cells = re.findall(r'<td class="fact"[^>]*>([^<]+)</td>', html)
    assert cells == [at, {"en": "Firefox on Linux", "zh-hans": "Linux 上的 Firefox"}[language]]
    assert html.count(at) == 1


def test_a_message_without_an_event_has_no_facts():
    assert 'class="fact"' not in render_email("copy_ready", "en", CONTEXT).html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_button_follows_the_sentence_that_asks_for_it(language: str):
    context = {key: value for key, value in CONTEXT.items() if not key.endswith("url") or key == "undo_url"}
    html = render_email("new_sign_in", language, context).html
    sentence, button = html.rpartition('class="button"')[0], html.rpartition('class="button"')[2]
    paragraphs = re.findall(r"<p style=[^>]*>([^<]*)</p>", sentence)
    assert "open this link before" in paragraphs[-1] or "打开此链接" in paragraphs[-1]
    assert "https://" not in paragraphs[-1]
    assert context["undo_url"] in button


def test_why_it_was_sent_and_by_whom_stands_in_the_foot():
    foot = render_email("new_sign_in", "en", CONTEXT).html.rpartition("<hr")[2]
    assert "You receive this message because" in foot
    assert "Quectel Wireless Solutions Co., Ltd sent you this message" in foot
    assert "If that was not you" not in foot


def test_in_the_text_what_to_do_comes_before_why():
    body = render_email("password_changed", "en", CONTEXT).body
    assert body.index("If that was not you") < body.index("You receive this message")
