"""Every link in a message, receipt or copy begins with `SITE_URL`; the Host header chooses none."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify_change
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.erasure.tasks import erase_due_accounts
from privacy.jurisdictions.site import link_to
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms
from tests.app import App
from tests.factories import PASSWORD, agree, make_policy, pass_time

SITE = "https://privacy.operator.example"
FORGED = {"HTTP_HOST": "forged.example"}


@pytest.fixture(autouse=True)
def _own_site(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = SITE, ["*"]


def links_of_messages() -> set[str]:
    """Return every address in the messages that wait, as their readers get them."""
    texts = []
    for notice in Notice.objects.filter(state=Notice.State.QUEUED):
        context = json.loads(str(notice.context))
        render = render_sms if notice.channel == "sms" else render_email
        texts.append(render(notice.template, notice.language, context).body)
    return {address for text in texts for address in re.findall(r"\S*/\S+/", text) if "@" not in address}


def begins_here(links: set[str]) -> bool:
    return bool(links) and all(link.startswith(f"{SITE}/") for link in links)


def test_a_link_is_whole():
    assert link_to("recover") == f"{SITE}/recover/"
    assert link_to("erasure_receipt", "ABCD") == f"{SITE}/receipts/ABCD/"


def test_the_messages_of_a_cancellation_name_the_site_whatever_host_was_asked(person: User):
    client = Client(**FORGED)
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    client.post("/settings/cancel/", {"confirmed": "on"})
    assert begins_here(links_of_messages())


def test_the_last_message_of_all_names_the_site(person: User):
    pass_time(cancel_account(subject=person.subject), configured.COOLING_OFF)
    Notice.objects.all().delete()
    erase_due_accounts()
    assert Notice.objects.get().template == "account_erased"
    assert begins_here(links_of_messages())


def test_the_notice_of_a_change_has_its_link_also_where_no_request_is_answered(person: User):
    notify_change(subject=person.subject, kind=SecurityEvent.Kind.PASSWORD_CHANGED)
    assert begins_here(links_of_messages())


def test_a_receipt_of_a_consent_names_the_site_whatever_host_was_asked(person: User):
    agree(person.subject, make_policy("intl"))
    app = App()
    app.client.defaults |= FORGED
    app.sign_in(person.username, PASSWORD)
    for consent in app.get("me/consents").json()["results"]:
        processing = consent["receipt"]["pii_processing"]
        assert begins_here({processing["privacy_notice"], processing["withdrawal_method"]})


def test_no_code_asks_the_request_for_the_address_of_the_site():
    asked = re.compile(r"build_absolute_uri|\.get_host\(")
    where = [
        str(path.relative_to(configured.BASE_DIR))
        for part in ("accounts", "privacy", "portal")
        for path in sorted(Path(configured.BASE_DIR, part).rglob("*.py"))
        if asked.search(path.read_text(encoding="utf-8"))
    ]
    assert where == ["portal/web/middleware.py"]  # which refuses an unknown host
