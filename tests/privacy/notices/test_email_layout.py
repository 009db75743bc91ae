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
