"""Each SMS is as short as it can be: one segment, or more for a reason; a code comes first and is bound to the site."""

import pytest

from portal.settings.brand_values import LONGEST_NAME
from privacy.notices.rendering import render_sms
from tests.privacy.notices.test_rendering import CONTEXT, LANGUAGES, TEMPLATES
from tests.sms_segments import is_seven_bit, segments, units

pytestmark = pytest.mark.embedded

CODES = {"verification_code", "sign_in_code", "recovery_code", "request_code"}
HOST = "privacy.example.com"
SITE = f"https://{HOST}"
LATEST = "2026-12-31T23:59+00:00"
LONGEST = CONTEXT | {
    "reference": "ABCD-EFGH-JKLM",
    "request_url": f"{SITE}/requests/ABCD-EFGH-JKLM/",
    "receipt_url": f"{SITE}/receipts/ABCD-EFGH-JKLM/",
    "recover_url": f"{SITE}/recover/",
    "undo_url": f"{SITE}/undo/{'x' * 43}/",
    "stop_url": f"{SITE}/stop-deletion/{'x' * 43}/",
    "read_url": f"{SITE}/guardians/link/{'x' * 43}/read/",
    "confirm_url": f"{SITE}/guardians/confirm/{'x' * 43}/",
    "url": f"{SITE}/policies/intl/changes/?since=2022-07&to=2026-12",
    **dict.fromkeys(("at", "until", "undo_until", "erased_by", "due_at"), LATEST),
}
# Of the events of a template, the one with the longest text.
EVENTS = {"security_changed": "factors_reset", "password_changed": "recovered", "failures_in_a_row": "app"}
# Names in the two languages: the longest ones with which a code fits one segment.
NAMES = {"en": "N" * LONGEST_NAME, "zh-hans": "名" * 14}
# More than one segment, English and Chinese, and why.
LONGER = {
    "contact_changed": (
        3,
        4,
        "a link with a secret, the time, the device and the last moment to undo",
    ),
    "password_changed": (3, 4, "the same"),
    "security_changed": (3, 4, "the same; the longest change says what two members of staff did"),
    "new_sign_in": (2, 3, "a link with a secret, the device and two times"),
    "change_undone": (2, 2, "a link, and an address for those who did not do it"),
    "account_cancelled": (2, 3, "two times, a reference and a link to the receipt"),
    "account_erased": (2, 3, "a reference, a link to the receipt, and an address: it is the last message"),
    "policy_changed": (2, 2, "a link to the changes"),
    "request_received": (2, 2, "a reference, a time and a link with a secret"),
    "request_answered": (1, 2, "a reference and a link"),
    "request_extended": (2, 2, "a reference, a time and a link"),
    "request_document": (2, 2, "a reference and a link"),
    "request_carried_out": (2, 2, "a reference, a link, and what to do"),
    "request_decided": (1, 2, "a reference and a link"),
    "request_not_proven": (2, 2, "a reference, a link, and until when it opens the request again"),
    "deletion_asked": (2, 3, "a link with a secret, and until when it works"),
    **dict.fromkeys(
        ("guardian_asked", "guardian_reminded", "guardian_confirm", "guardian_may_register", "guardian_link"),
        (2, 2, "a link with a secret"),
    ),
    "guardian_acts": (2, 2, "what a guardian can do, and a link"),
    "enterprise_invitation": (2, 2, "a link with a secret"),
    "failures_in_a_row": (2, 2, "what was tried, that it is blocked, and what to do"),
}


@pytest.fixture(autouse=True)
def _longest(settings):
    settings.SITE_URL = SITE
    settings.SERVICE_NAMES = NAMES


def longest(template: str, language: str) -> str:
    return render_sms(template, language, LONGEST | {"what": EVENTS.get(template, "app")}).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_message_has_no_more_segments_than_it_needs(template: str, language: str):
    english, chinese, _why = LONGER.get(template, (1, 1, ""))
    body = longest(template, language)
    assert is_seven_bit(body) == (language == "en")
    assert segments(body) <= (english if language == "en" else chinese), f"{units(body)}: {body}"


def test_only_messages_that_need_more_are_listed():
    for template, (english, chinese, why) in LONGER.items():
        counts = [segments(longest(template, language)) for language in ("en", "zh-hans")]
        assert max(counts) > 1, template
        assert counts == [english, chinese], template
        assert why


@pytest.mark.parametrize("jurisdiction", ["cn", "intl"])
@pytest.mark.parametrize("template", sorted(CODES))
def test_without_a_name_of_the_service_a_code_names_the_controller_and_fits(settings, template, jurisdiction):
    settings.SERVICE_NAMES = {}
    body = render_sms(template, "en", LONGEST | {"jurisdiction": jurisdiction}).body
    assert "Quectel" in body
    assert segments(body) == 1, f"{units(body)}: {body}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(CODES))
def test_a_code_comes_first_and_last_bound_to_the_site(template: str, language: str):
    first, last = render_sms(template, language, LONGEST).body.split("\n")
    assert first.startswith("493817 ")
    assert NAMES[language] in first
    assert last == f"@{HOST} #493817"


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:8000", "https://[::1]", "http://localhost:8000", "https://*.example.com"]
)
def test_a_site_that_is_no_domain_binds_nothing(settings, site: str):
    settings.SITE_URL = site
    assert "@" not in render_sms("sign_in_code", "en", LONGEST).body


def test_a_message_without_a_code_is_bound_to_nothing():
    assert "\n" not in render_sms("password_changed", "en", LONGEST).body


@pytest.mark.parametrize(
    ("text", "length", "parts"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("[{}]", 8, 1),
        ("验" * 70, 70, 1),
        ("验" * 71, 71, 2),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("“a”", 3, 1),
    ],
)
def test_segments_are_counted_as_they_are_billed(text: str, length: int, parts: int):
    assert (units(text), segments(text)) == (length, parts)
